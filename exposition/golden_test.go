package exposition

import (
	"testing"
	"time"

	"power_exporter/internal/golden"
	"power_exporter/power"
)

func TestEverything(t *testing.T) {
	golden.Metrics(t, "testdata/everything.prom", checked{[]power.Device{everything(t)}})
}

func TestNothingButAnID(t *testing.T) {
	golden.Metrics(t, "testdata/nothing.prom", checked{[]power.Device{{ID: "lonely"}}})
}

func TestProbe(t *testing.T) {
	golden.Metrics(t, "testdata/probe.prom", everyProbe())
}

func TestSelf(t *testing.T) {
	golden.Metrics(t, "testdata/self.prom", usedSelf())
}

// everyProbe is a probe with everything that can be odd about requests.
func everyProbe() Probe {
	return Probe{
		Success: true, Duration: 1500 * time.Millisecond, Cached: true, Age: 30 * time.Second,
		Requests: []ProbeRequest{
			{Name: "outlets", Success: true, Duration: 250 * time.Millisecond},
			{Name: "inlets", Success: true, Duration: 125 * time.Millisecond},
			{Name: "outlets", Success: false, Duration: 500 * time.Millisecond},
			{Name: "inlets", Success: true, Duration: 125 * time.Millisecond},
			{Name: "bad\xff", Success: true, Duration: time.Second},
			{Name: "bad\xfe", Success: true, Duration: time.Second},
			{Name: "", Success: true},
		},
	}
}

// usedSelf is instruments that have all been used.
func usedSelf() *Self {
	s := NewSelf()
	s.ReloadSucceeded(time.Unix(1525116551, 500_000_000))
	s.ReloadFailed()
	s.ProbeDone("nut", Succeeded, 20*time.Millisecond)
	s.ProbeDone("nut", Succeeded, 40*time.Second)
	s.ProbeDone("nut", Failed, 2*time.Second)
	s.ProbeDone("", Refused, time.Millisecond)
	s.ProbeDone("bad\xff", Failed, time.Second)
	s.PushesPossible("synlink", []string{"accepted", "malformed"})
	s.PushStarted()
	s.PushStarted()
	s.PushDone("synlink", "accepted", 3*time.Millisecond)
	s.ProbeCoalesced("nut")
	s.Panicked()
	s.ProbeStarted()
	s.ProbeStarted()()
	return s
}
