package soak

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"power_exporter/e2e/program"
)

// memorySlack is how much memory may come and go by chance.
const memorySlack = 10 * mebibyte

// allWell waits until a probe of each target has succeeded, since no target
// misbehaves now.
func (l *load) allWell(t *testing.T) {
	t.Helper()
	missing := l.devices
	if err := program.Retry(func() error {
		if l.HasEnded() {
			t.Fatal("the exporter ended by itself")
		}
		answers := make([]page, len(missing))
		var all sync.WaitGroup
		places := make(chan struct{}, 16)
		for i, d := range missing {
			all.Go(func() {
				places <- struct{}{}
				defer func() { <-places }()
				answers[i], _ = l.get(t.Context(), "/probe?target="+url.QueryEscape(d.name), nil, http.StatusOK)
			})
		}
		all.Wait()
		var err error
		var ill []*device
		for i, d := range missing {
			if !answers[i].succeeded() {
				ill = append(ill, d)
				err = fmt.Errorf("%d are not, such as %s, a %s", len(ill), d.name, d.kind)
			}
		}
		missing = ill
		return err
	}); err != nil {
		t.Errorf("the targets are well: %v", err)
	}
}

// eventsOnce looks at the events of all that push: each that was acknowledged is
// counted once.
func (l *load) eventsOnce(t *testing.T) {
	t.Helper()
	p, _ := l.metrics(t.Context())
	counted, err := events(p.body)
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := l.pushes.acknowledged()
	for event, n := range acknowledged {
		// One more of a UPS may be there whose answer did not come before the end.
		if counted[event] != n && (!l.pushes.late.Load() || counted[event] != n+1) {
			l.problems.add("an event is not counted once", "%s: %d times, and %d were acknowledged", event, counted[event], n)
		}
	}
	for event, n := range counted {
		if acknowledged[event] == 0 && !l.pushes.late.Load() && (strings.HasPrefix(event, "load-") || strings.HasPrefix(event, "hook-")) {
			l.problems.add("an event is counted that was not taken", "%s: %d times", event, n)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("no event was acknowledged: that shows nothing")
	}
	for _, series := range []string{
		"power_exporter_panics_total",
		`power_exporter_pushes_total{receiver="powersentrix",result="failed"}`, `power_exporter_pushes_total{receiver="powersentrix",result="not_stored"}`,
		`power_exporter_pushes_total{receiver="synlink",result="failed"}`, `power_exporter_pushes_total{receiver="synlink",result="not_stored"}`,
	} {
		if value := p.value(series); value != "0" {
			t.Errorf("%s is %q, want 0", series, value)
		}
	}
}

// onlyRead looks at what the devices were asked.
func (l *load) onlyRead(t *testing.T) {
	t.Helper()
	for _, d := range l.devices {
		if d.acted == nil {
			continue
		}
		if acted := d.acted(); len(acted) > 0 {
			t.Errorf("%s was made to act: %s", d.name, acted)
		}
	}
	if n := l.gone.Load(); n > 0 {
		t.Errorf("the exporter has followed a redirect to another server %d times", n)
	}
}

// settle waits until no more goroutines and files are left than there were at
// the beginning.
func (l *load) settle(t *testing.T, baseline sample) (left sample) {
	t.Helper()
	if err := program.Retry(func() error {
		left = l.rest(t)
		if left.goroutines > baseline.goroutines || left.files > baseline.files {
			return fmt.Errorf("there are %g goroutines and %g open files, and there were %g and %g", left.goroutines, left.files, baseline.goroutines, baseline.files)
		}
		return nil
	}); err != nil {
		t.Errorf("nothing is left: %v", err)
		p, _ := l.get(t.Context(), "/debug/pprof/goroutine?debug=1", nil, http.StatusOK)
		t.Log(p.body)
	}
	return left
}

// flat compares the memory of the last third of the load with that of the
// thirds before. Of the heap it is the least, which does not have the large
// answers that happen to be read at the moment, of the second third. Resident
// memory comes and goes with those answers, so that it is the higher one of both
// thirds.
func (l *load) flat(t *testing.T) {
	t.Helper()
	thirds := l.watched.thirds()
	resident := func(s sample) float64 { return s.resident }
	heap := func(s sample) float64 { return s.heap }
	for _, memory := range []struct {
		name         string
		before, last float64
	}{
		{"resident memory", max(median(thirds[0], resident), median(thirds[1], resident)), median(thirds[2], resident)},
		{"heap", least(thirds[1], heap), least(thirds[2], heap)},
	} {
		if memory.before == 0 || memory.last > memory.before**grows+memorySlack {
			t.Errorf("the %s grows: it was %.0f MiB, and is %.0f MiB in the last third", memory.name, memory.before/mebibyte, memory.last/mebibyte)
		}
	}
}

// ends stops the exporter and looks at its log, but for secrets.
func (l *load) ends(t *testing.T) {
	t.Helper()
	l.Stop(t)
	if code := l.Code(); code != 0 {
		t.Errorf("the exporter ended with code %d", code)
	}
	log := l.Stderr()
	if *keptLog != "" {
		if err := os.WriteFile(*keptLog, []byte(log), 0o600); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"DATA RACE", "panic", "fatal error"} {
		if n := strings.Count(log, bad); n > 0 {
			t.Errorf("the log says %q %d times", bad, n)
		}
	}
}
