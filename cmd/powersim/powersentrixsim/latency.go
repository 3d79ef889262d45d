package powersentrixsim

import "time"

// shortest is the upper bound of the first bucket of Latency.
const shortest = 125 * time.Microsecond

// Latency is a histogram of how long answers took.
type Latency struct {
	Count int
	Sum   time.Duration
	Max   time.Duration
	// Buckets are the answers that took up to 125 µs, up to twice that and
	// so on; the last has all that took longer, too.
	Buckets [20]int
}

// observe adds an answer.
func (l *Latency) observe(d time.Duration) {
	l.Count++
	l.Sum += d
	l.Max = max(l.Max, d)
	i := 0
	for bound := shortest; d > bound && i < len(l.Buckets)-1; bound *= 2 {
		i++
	}
	l.Buckets[i]++
}

// Quantile is a time within which so many of the answers came, of 1: the bound
// of their bucket, or Max where that is less. Without answers it is 0.
func (l *Latency) Quantile(q float64) time.Duration {
	bound, sum := shortest, 0
	for _, n := range l.Buckets[:len(l.Buckets)-1] {
		sum += n
		if float64(sum) >= q*float64(l.Count) {
			return min(bound, l.Max)
		}
		bound *= 2
	}
	return l.Max
}
