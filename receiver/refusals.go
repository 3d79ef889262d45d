package receiver

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	// maxRefusals is how many are remembered of known senders, and of all others.
	maxRefusals = 32
	// refusalTime is how long after the last push it is told that one was refused.
	refusalTime = time.Hour
)

// Refusal is the pushes of one client that ended in one way other than well.
// Clients of one network of IPv6 (/64) are one.
type Refusal struct {
	Receiver string
	Client   netip.Addr // of the last one
	Sender   string     // the configured name, "" if the client did not prove to be it
	Result   Result
	Message  string // what was wrong with the last one
	Count    int
	First    time.Time
	Last     time.Time
}

// Refusals remembers for people which pushes were refused lately: for an hour
// since the last one of their kind. It does not know requests for paths that
// there are not, which are no pushes. It outlives a [Handler] that a reload
// replaces.
type Refusals struct {
	mu sync.Mutex
	// Those of the last push first. They are apart so that nobody can make the
	// refusals of a known sender be forgotten by being refused more often.
	known, strange []Refusal
}

// Lately are those of the last hour: first those of known senders, then those of
// others, and of both that of the last push first.
func (r *Refusals) Lately() []Refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	r.known, r.strange = lately(r.known, now), lately(r.strange, now)
	return slices.Concat(r.known, r.strange)
}

// add counts the push that a Refusal of one is about.
func (r *Refusals) add(one Refusal) {
	one.Message = cut(one.Message, maxMessage)
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := &r.known
	if one.Sender == "" {
		kept = &r.strange
	}
	now := time.Now()
	one.Count, one.First, one.Last = 1, now, now
	all := lately(*kept, now)
	if i := slices.IndexFunc(all, one.like); i >= 0 {
		one.Count, one.First = all[i].Count+1, all[i].First
		all = slices.Delete(all, i, i+1)
	}
	*kept = slices.Insert(all[:min(len(all), maxRefusals-1)], 0, one)
}

// lately is without those that were long ago. It reuses the slice.
func lately(all []Refusal, now time.Time) []Refusal {
	return slices.DeleteFunc(all, func(one Refusal) bool { return now.Sub(one.Last) > refusalTime })
}

// like says whether two are told of as one.
func (one Refusal) like(other Refusal) bool {
	return one.Receiver == other.Receiver && site(one.Client) == site(other.Client) && one.Sender == other.Sender && one.Result == other.Result
}
