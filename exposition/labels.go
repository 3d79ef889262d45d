package exposition

import (
	"slices"
	"strings"
)

// labelNames are the names of a family's labels, in the order in which the
// schema writes them.
type labelNames []string

// byName are the indexes of the names, sorted by name: the order in which
// labels are exported.
func (names labelNames) byName() []int {
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(names[i], names[j]) })
	return order
}

// labelValues are the values of the labels of one sample, in the order of the
// family's names. The samples of one point share them, so nobody changes them
// once they are made.
type labelValues []string

// limited is a copy of a point's labels for one of its thresholds: the limit
// stands before the name.
func (values labelValues) limited(limit string) labelValues {
	last := len(values) - 1
	all := make(labelValues, 0, len(values)+1)
	all = append(all, values[:last]...)
	return append(all, limit, values[last])
}

// valid is the text with a mark in place of what is not UTF-8, which no label
// may be.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
