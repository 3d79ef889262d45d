package receiver

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	// maxRefusals bounds what requests from ever new addresses take.
	maxRefusals = 64
	// refusalTime is how long after the last push it is told that one was refused.
	refusalTime = time.Hour
)

// Refusal is the pushes of one client that ended in one way other than well.
type Refusal struct {
	Receiver string
	Client   netip.Addr
	Sender   string // the configured name, "" if the client did not prove to be it
	Result   Result
	Message  string // what the client was told of the last one
	Count    int    // since they began to be told of
	Last     time.Time
}

// Refusals remembers for people which pushes were refused lately. It knows
// neither the requests for paths that there are not, which are no pushes, nor
// those that the client itself gave up. It outlives a [Handler] that a reload
// replaces.
type Refusals struct {
	mu   sync.Mutex
	kept []Refusal // that of the last push first
}

// Lately are those of the last hour, that of the last push first.
func (r *Refusals) Lately() []Refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(time.Now())
	return slices.Clone(r.kept)
}

// add counts the push that a Refusal of one is about.
func (r *Refusals) add(one Refusal) {
	one.Message = cut(one.Message, maxMessage)
	r.mu.Lock()
	defer r.mu.Unlock()
	one.Count, one.Last = 1, time.Now()
	r.forget(one.Last)
	if i := slices.IndexFunc(r.kept, one.like); i >= 0 {
		one.Count += r.kept[i].Count
		r.kept = slices.Delete(r.kept, i, i+1)
	}
	r.kept = slices.Insert(r.kept[:min(len(r.kept), maxRefusals-1)], 0, one)
}

// forget drops those that were long ago. Guarded by mu.
func (r *Refusals) forget(now time.Time) {
	r.kept = slices.DeleteFunc(r.kept, func(one Refusal) bool { return now.Sub(one.Last) > refusalTime })
}

// like says whether two are told of as one.
func (one Refusal) like(other Refusal) bool {
	return one.Receiver == other.Receiver && one.Client == other.Client && one.Sender == other.Sender && one.Result == other.Result
}
