package receiver

import "errors"

// windowSize is how many sequence numbers below the highest one are remembered
// one by one: records that arrive in another order than they were made in are
// told from repeated ones within it.
const windowSize = 1024

// window remembers which sequence numbers were seen. The zero window has seen
// none.
type window struct {
	started bool
	highest uint64
	// seen has a bit for each of the numbers from highest-windowSize+1 to
	// highest, at its remainder. Those below zero have bits that mean nothing.
	seen [windowSize / 8]byte
}

// add notes n, and reports whether it was new. What is older than the window
// counts as seen.
func (w *window) add(n uint64) bool {
	switch {
	case !w.started:
		*w = window{started: true, highest: n}
	case n > w.highest:
		w.advance(n)
	case w.highest-n >= windowSize || w.has(n):
		return false
	}
	w.seen[n%windowSize/8] |= 1 << (n % 8)
	return true
}

// advance makes n the highest number.
func (w *window) advance(n uint64) {
	if n-w.highest >= windowSize {
		w.seen = [len(w.seen)]byte{}
	} else {
		for i := w.highest + 1; i != n+1; i++ {
			w.seen[i%windowSize/8] &^= 1 << (i % 8)
		}
	}
	w.highest = n
}

// has reports whether n, which is within the window, was seen.
func (w *window) has(n uint64) bool { return w.seen[n%windowSize/8]&(1<<(n%8)) != 0 }

// bits is the window on disk, beside the highest number; nil for one that has
// seen none.
func (w *window) bits() []byte {
	if !w.started {
		return nil
	}
	return w.seen[:]
}

// parseWindow reads a window from disk.
func parseWindow(highest uint64, bits []byte) (window, error) {
	if len(bits) == 0 {
		return window{}, nil
	}
	w := window{started: true, highest: highest}
	if copy(w.seen[:], bits) != len(bits) || len(bits) != len(w.seen) {
		return window{}, errors.New("the window of sequence numbers has another length")
	}
	return w, nil
}
