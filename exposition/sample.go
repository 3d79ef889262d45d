package exposition

import "strings"

// sample is one reading on its way to the scraper.
type sample struct {
	labels labelValues
	value  float64
}

// compare orders samples of one family by the values of their labels. The order
// is that of the labels.
func (s *sample) compare(other *sample, order []int) int {
	for _, i := range order {
		if c := strings.Compare(s.labels[i], other.labels[i]); c != 0 {
			return c
		}
	}
	return 0
}

// sink takes samples, in any order.
type sink interface {
	add(f *family, s sample)
}
