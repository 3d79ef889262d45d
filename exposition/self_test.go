package exposition

import (
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestReload(t *testing.T) {
	s := NewSelf()
	s.ReloadSucceeded(time.Unix(100, 0))
	if got := testutil.ToFloat64(s.reloadSuccessful); got != 1 {
		t.Errorf("after a reload that worked, successful is %v", got)
	}
	s.ReloadFailed()
	if got := testutil.ToFloat64(s.reloadSuccessful); got != 0 {
		t.Errorf("after a reload that failed, successful is %v", got)
	}
	if got := testutil.ToFloat64(s.reloadTimestamp); got != 100 {
		t.Errorf("a reload that failed moved the time of the last one that worked to %v", got)
	}
}

// A rate sees the first failure only if there was a zero before it.
func TestEveryResultHasASeriesAtOnce(t *testing.T) {
	s := NewSelf()
	s.ProbeDone("nut", Succeeded, time.Second)
	if got := testutil.CollectAndCount(s, "power_exporter_probes_total"); got != 3 {
		t.Errorf("after the first probe there are %d series, want one for each result", got)
	}
	if got := testutil.ToFloat64(s.probes.WithLabelValues("nut", string(Failed))); got != 0 {
		t.Errorf("%v failures are counted that did not happen", got)
	}
	if got := testutil.CollectAndCount(s, "power_exporter_probes_coalesced_total"); got != 1 {
		t.Errorf("after the first probe there are %d series of coalesced ones, want 1", got)
	}
}

func TestRefusedProbesAreNotTimed(t *testing.T) {
	s := NewSelf()
	s.ProbeDone("nut", Refused, time.Second)
	if got := testutil.CollectAndCount(s, "power_exporter_probe_duration_seconds"); got != 0 {
		t.Errorf("a refused probe made %d histograms", got)
	}
}

func TestProbesInFlight(t *testing.T) {
	s := NewSelf()
	first, second := s.ProbeStarted(), s.ProbeStarted()
	if got := testutil.ToFloat64(s.inFlight); got != 2 {
		t.Errorf("%v probes are in flight, want 2", got)
	}
	first()
	second()
	if got := testutil.ToFloat64(s.inFlight); got != 0 {
		t.Errorf("%v probes are in flight after the last ended", got)
	}
}

func TestPushes(t *testing.T) {
	s := NewSelf()
	s.PushesPossible("synlink", []string{"accepted", "malformed"})
	if got := testutil.CollectAndCount(s, "power_exporter_pushes_total"); got != 2 {
		t.Errorf("before the first push there are %d series, want one for each result", got)
	}
	s.PushStarted()
	s.PushStarted()
	s.PushDone("synlink", "malformed", time.Second)
	if got := testutil.ToFloat64(s.pushesInFlight); got != 1 {
		t.Errorf("%v pushes are in flight, want 1", got)
	}
	if got := testutil.ToFloat64(s.pushes.WithLabelValues("synlink", "malformed")); got != 1 {
		t.Errorf("%v malformed pushes, want 1", got)
	}
}

func TestMixed(t *testing.T) {
	s := NewSelf()
	s.Mixed()
	if got := testutil.ToFloat64(s.mixed); got != 1 {
		t.Errorf("%v mixed objects, want 1", got)
	}
}

func TestSelfConcurrently(t *testing.T) {
	s := NewSelf()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(s)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				done := s.ProbeStarted()
				s.ProbeDone("nut", Failed, time.Second)
				s.ProbeCoalesced("nut")
				s.Panicked()
				s.ReloadSucceeded(time.Unix(1, 0))
				done()
				if _, err := registry.Gather(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := testutil.ToFloat64(s.probes.WithLabelValues("nut", string(Failed))); got != 400 {
		t.Errorf("%v probes are counted, want 400", got)
	}
}
