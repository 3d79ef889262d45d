package probe

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"power_exporter/config"
	"power_exporter/power"
)

const (
	// maxAdHoc is of how many subjects that are no configured target the last
	// result is kept. Whoever can reach /probe can make up such subjects.
	maxAdHoc = 10_000
	// maxFailures is of how many subjects the last failure is kept. It can be
	// few, since a success does not take the place of a failure.
	maxFailures = 1_000
	// recentTime is how long the results of such subjects are of interest.
	recentTime = 24 * time.Hour
	// mistakeTime is the same for those that were never probed successfully, which
	// may be but typing errors. It is longer than anybody waits between scrapes.
	mistakeTime = 15 * time.Minute
	// maxError is the longest text of an error that is kept, in bytes.
	maxError = 2_000
)

// Result is how the last probe of a subject went.
type Result struct {
	Subject
	At     time.Time     // when the probe ended
	Took   time.Duration // how long the probe took
	Cached bool          // the reading was made for another probe
	Age    time.Duration // of the reading, when the probe ended
	Err    string        // why it is not a success; "" if it is
	Worked bool          // the subject was probed successfully, now or before; only of ad hoc results
	Summary
}

// Failure is how the last failed probe of a subject went.
type Failure struct {
	Subject
	Err   string
	First time.Time // of the failures in a row
	Last  time.Time
	Count int  // of the failures in a row
	Over  bool // the subject was probed successfully since
	// Worked is known of subjects that are no configured target: they were probed
	// successfully before or since.
	Worked bool
}

// Results are how the last probes went: of each configured target, of as many
// other subjects as there is room for, and of those that failed. They are safe
// for concurrent use.
type Results struct {
	mu       sync.RWMutex
	epoch    int
	named    map[string]*namedResult // by the target's name
	adHoc    recent[Result]
	failures recent[Failure]
}

// namedResult is the last result of a configured target.
type namedResult struct {
	Result
	// devices are the ids of the devices that the last whole reading had; nil
	// until there was one. It is replaced and never changed.
	devices []string
}

// newResults is the results of no probe.
func newResults() *Results {
	return &Results{named: map[string]*namedResult{}, adHoc: newRecent[Result](maxAdHoc), failures: newRecent[Failure](maxFailures)}
}

// Target is the result of a configured target, false if it was not probed.
func (r *Results) Target(name string) (Result, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if n, ok := r.named[name]; ok {
		return n.Result, true
	}
	return Result{}, false
}

// Devices are the ids of the devices behind a configured target, as its last
// reading has them. A reading that was not whole takes none away. They are nil
// as long as there was no reading, and must not be changed.
func (r *Results) Devices(name string) []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if n, ok := r.named[name]; ok {
		return n.devices
	}
	return nil
}

// AdHoc are the results of the subjects that are no configured target, or only a
// part of one, the newest first: those of the last day, and of the last 15
// minutes if a subject has never been probed successfully.
func (r *Results) AdHoc() []Result {
	r.mu.RLock()
	all := r.adHoc.all()
	r.mu.RUnlock()
	now := time.Now()
	return slices.DeleteFunc(all, func(result Result) bool { return !recently(result.At, result.Worked, now) })
}

// Failures are the failures of all subjects, the newest first. Those of subjects
// that are no configured target are as recent as AdHoc's results. What AdHoc has
// and never was anything but a failure is not repeated.
func (r *Results) Failures() []Failure {
	r.mu.RLock()
	defer r.mu.RUnlock()
	now := time.Now()
	return slices.DeleteFunc(r.failures.all(), func(f Failure) bool {
		return !f.configured() && (!recently(f.Last, f.Worked, now) || !f.Worked && r.adHoc.get(f.Subject) != nil)
	})
}

// recently reports whether a result of a subject that is no configured target is
// still of interest.
func recently(at time.Time, worked bool, now time.Time) bool {
	if worked {
		return now.Sub(at) <= recentTime
	}
	return now.Sub(at) <= mistakeTime
}

// current counts the configurations there were. Ask for it before looking at
// the configuration.
func (r *Results) current() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.epoch
}

// reset forgets the results of targets that the configuration no longer has, or
// has otherwise.
func (r *Results) reset(c *config.Config) {
	gone := func(s Subject) bool {
		if s.Name == "" {
			return false
		}
		target, err := c.Resolve(config.Query{Target: s.Name})
		s.Parameters = ""
		return err != nil || subject(target, nil, nil) != s
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.epoch++
	maps.DeleteFunc(r.named, func(_ string, n *namedResult) bool { return gone(n.Subject) })
	r.adHoc.drop(gone)
}

// record keeps how a probe of the subject went, or of one device of it, unless
// it was made with another configuration than the current one.
func (r *Results) record(s Subject, device string, report *Report, epoch int) {
	result := Result{
		Subject: s, At: time.Now(), Took: report.Took, Cached: report.Reading.Cached, Age: report.Age,
		Err: text(report.Reading.Err), Summary: Summarize(report.Reading.Devices),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if epoch != r.epoch {
		return
	}
	switch {
	case s.Module == config.PushModule: // the receivers know better how it is
	case s.configured():
		r.keep(result, report.Reading.Devices)
	default:
		before := r.adHoc.get(s)
		result.Worked = result.Err == "" || before != nil && before.Worked
		r.adHoc.set(s, result)
	}
	switch {
	case result.Err != "" && report.Reading.Cached: // counted by whoever made the reading
	case result.Err != "":
		r.fail(s, result.Err, result.At)
	case report.Err != nil:
		r.fail(s.ofDevice(device), text(report.Err), result.At)
	default:
		r.succeed(s)
		r.succeed(s.ofDevice(device))
	}
}

// keep keeps the result of a configured target, and its devices. Guarded by mu.
func (r *Results) keep(result Result, devices []power.Device) {
	n, ok := r.named[result.Name]
	if !ok {
		n = &namedResult{}
		r.named[result.Name] = n
	}
	n.Result = result
	if found := ids(devices); result.Err == "" {
		if n.devices == nil || !slices.Equal(n.devices, found) {
			n.devices = cloned(nil, found)
		}
	} else {
		n.devices = with(n.devices, found)
	}
}

// fail notes a failure. Guarded by mu.
func (r *Results) fail(s Subject, err string, at time.Time) {
	f := Failure{Subject: s, Err: err, First: at, Last: at, Count: 1}
	before := r.failures.get(s)
	if before != nil && !before.Over {
		f.First, f.Count = before.First, before.Count+1
	}
	if !s.configured() {
		found := r.adHoc.get(s)
		f.Worked = before != nil && before.Worked || found != nil && found.Worked
	}
	r.failures.set(s, f)
}

// succeed notes that the failures of a subject are over. Guarded by mu.
func (r *Results) succeed(s Subject) {
	if f := r.failures.get(s); f != nil {
		f.Over, f.Worked = true, !s.configured()
	}
}

// ids are the ids of the devices that have one.
func ids(devices []power.Device) []string {
	found := make([]string, 0, len(devices))
	for i := range devices {
		if id := devices[i].ID; id != "" {
			found = append(found, id)
		}
	}
	return found
}

// with is the known ids and those that were found on top.
func with(known, found []string) []string {
	var added []string
	seen := make(map[string]bool, len(known))
	for _, id := range known {
		seen[id] = true
	}
	for _, id := range found {
		if !seen[id] {
			added = append(added, id)
		}
	}
	if len(added) == 0 {
		return known
	}
	return cloned(known, added)
}

// cloned is the known ids and copies of others, which may be parts of a whole
// answer and would keep all of it in memory.
func cloned(known, others []string) []string {
	all := append(make([]string, 0, len(known)+len(others)), known...)
	for _, id := range others {
		all = append(all, strings.Clone(id))
	}
	return all
}

// text is what an error says, if it is not too long.
func text(err error) string {
	if err == nil {
		return ""
	}
	said := err.Error()
	if said == "" {
		return "failed without saying why"
	}
	if len(said) <= maxError {
		return said
	}
	cut := maxError
	for !utf8.RuneStart(said[cut]) {
		cut--
	}
	return said[:cut] + "…"
}
