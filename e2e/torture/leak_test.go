package torture

import (
	"flag"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/e2e/program"
)

// faulty is how many probes of devices that fail are made. The full number is
// for -args -faulty=10000.
var faulty = flag.Int("faulty", 1000, "how many probes of failing devices are made")

const (
	// probers is how many probes are made at a time.
	probers = 16
	// mostMemory is how much more memory the exporter may have after all probes
	// than after the first part of them, in bytes. Each that leaks a buffer of 4
	// KiB would be more.
	mostMemory = 32 << 20
)

// leaky is the faults after which something could be left: all but those that
// wait for the time of a probe, or send as much as is read at most, which would
// take long, and of which a few are among the others.
func leaky() []fault {
	var chosen []fault
	for _, f := range append(append(connecting(), answering()...), replying()...) {
		if !f.slow && !f.unknown && !f.keep && !strings.HasPrefix(f.name, "endless") {
			chosen = append(chosen, f)
		}
	}
	return chosen
}

// TestNothingLeaksOfFaults makes many probes of devices that fail in many ways,
// and counts what is left of them by the exporter's own metrics.
func TestNothingLeaksOfFaults(t *testing.T) {
	t.Parallel()
	m := &matrix{certificates: newCertificates(t), seen: map[*cell]outcome{}}
	all := systems(t)
	faults := leaky()
	for i := range all {
		s := &all[i]
		if s.stages[0].stream {
			continue // it has a connection at any time
		}
		last := &s.stages[len(s.stages)-1]
		sim := s.sim(last.name)
		for j := range faults {
			m.cell(t, s, sim, last, &faults[j], false)
		}
	}
	m.addNUT(t)
	m.cells = quick(m.cells)
	e := m.start(t)
	for _, c := range m.cells {
		c.begin(t)
	}

	warm := max(*faulty/4, len(m.cells)) // each has kept what it keeps
	m.storm(t, e, warm)
	before := e.settled(t)
	m.storm(t, e, max(*faulty-warm, 0))
	after := e.settled(t)
	for _, name := range held[:2] {
		if was, is := before.number(t, name), after.number(t, name); is > was+slack {
			t.Errorf("%s is %g after %d probes, and was %g after %d", name, is, *faulty, was, warm)
		}
	}
	was, is := before.number(t, "process_resident_memory_bytes"), after.number(t, "process_resident_memory_bytes")
	t.Logf("%d probes: %g goroutines (%g before), %g descriptors (%g), %.1f MiB resident (%.1f)", *faulty,
		after.number(t, "go_goroutines"), before.number(t, "go_goroutines"), after.number(t, "process_open_fds"), before.number(t, "process_open_fds"), is/(1<<20), was/(1<<20))
	if is > was+mostMemory && !program.RaceDetector() {
		t.Errorf("process_resident_memory_bytes is %g after %d probes, and was %g after %d", is, *faulty, was, warm)
	}
	if n := after.number(t, "power_exporter_panics_total"); n != 0 {
		t.Errorf("%g panics", n)
	}
	if n := after.number(t, "power_exporter_probes_in_flight"); n != 0 {
		t.Errorf("%g probes are under way", n)
	}
}

// slack is how many goroutines and descriptors come and go by themselves.
const slack = 5

// quick is the cells whose probes do not wait.
func quick(cells []*cell) []*cell {
	var chosen []*cell
	for _, c := range cells {
		if !c.fault.slow && !strings.HasPrefix(c.fault.name, "endless") {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// storm makes so many probes, several at a time.
func (m *matrix) storm(t *testing.T, e *exporter, n int) {
	t.Helper()
	next := make(chan *cell)
	var all sync.WaitGroup
	for range probers {
		all.Go(func() {
			for c := range next {
				if _, err := e.try("/probe?target=" + url.QueryEscape(c.target)); err != nil {
					t.Errorf("%s: %v", c, err)
				}
			}
		})
	}
	for i := range n {
		next <- m.cells[i%len(m.cells)]
	}
	close(next)
	all.Wait()
}

// settled is the exporter's own metrics when what was under way is over: the
// least of what is seen for longer than a server may take to notice that we are
// gone.
func (e *exporter) settled(t *testing.T) (least series) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 100 {
		own := e.own(t)
		if least == nil {
			least = own
		}
		for _, name := range held {
			if own.number(t, name) < least.number(t, name) {
				least[name] = own[name]
			}
		}
		<-tick.C
	}
	return least
}

// held is the metrics of what the exporter holds on to.
var held = []string{"go_goroutines", "process_open_fds", "process_resident_memory_bytes", "power_exporter_probes_in_flight"}
