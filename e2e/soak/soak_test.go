package soak

import (
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"power_exporter/e2e/secrets"
)

// TestSoak puts everything on the exporter at the same time. The same seed is
// the same faults in the same order, but not the same moments.
func TestSoak(t *testing.T) {
	seed := *soakSeed
	if seed == 0 {
		seed = rand.Uint64N(1 << 32)
	}
	t.Logf("-seed=%d", seed)
	l := &load{seed: seed, period: max(*soakTime/60, 2*time.Second)}
	found := &problems{}
	dir := filepath.Join(scratch, "config")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l.site = newSite(t, dir, l.random(4), *targets)
	l.company = secrets.New()
	token := secrets.New()
	l.write("company", l.company+"\n")
	l.write("hook", token+"\n")
	l.write("config.yml", l.configuration(noTarget))
	l.exporter = startExporter(t, dir, found)
	defer func() {
		if t.Failed() {
			l.showLog(t)
		}
	}()
	l.pushes = newPushes(t, l, l.company, token)
	baseline := l.rest(t)
	l.reloadWith(t.Context(), l.configuration(everyTarget), http.StatusOK)
	l.allWell(t)
	l.run(t.Context(), *soakTime)

	l.reloadWith(t.Context(), l.configuration(everyTarget), http.StatusOK)
	l.allWell(t)
	l.eventsOnce(t)
	l.onlyRead(t)
	l.reloadWith(t.Context(), l.configuration(noTarget), http.StatusOK)
	left := l.settle(t, baseline)
	l.flat(t)
	l.ends(t)
	found.report(t)
	t.Log("\n" + l.summary(baseline, left))
}

// rest is the exporter when nobody asks for anything. The second time it is over
// the same connection, so that this counts.
func (l *load) rest(t *testing.T) sample {
	t.Helper()
	l.client.CloseIdleConnections()
	l.get(t.Context(), "/debug/pprof/heap?gc=1", nil, http.StatusOK)
	p, _ := l.metrics(t.Context())
	return sample{
		resident: p.number("process_resident_memory_bytes"), heap: p.number("go_memstats_heap_alloc_bytes"),
		goroutines: p.number("go_goroutines"), files: p.number("process_open_fds"),
	}
}

// told is what makes one line of the log differ from others of its kind.
var told = regexp.MustCompile(`time=\S+ |\d+`)

// showLog shows the log, one line of each kind, and all that is no line of the
// log, such as what the race detector says.
func (l *load) showLog(t *testing.T) {
	t.Helper()
	kinds := map[string]int{}
	var shown strings.Builder
	for line := range strings.Lines(l.Stderr()) {
		kind := told.ReplaceAllString(line, "")
		if kinds[kind]++; kinds[kind] <= 1 && shown.Len() < 1<<20 {
			shown.WriteString(line)
		}
	}
	t.Logf("the log:\n%s", shown.String())
}
