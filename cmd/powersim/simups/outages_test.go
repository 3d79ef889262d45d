package simups_test

import (
	"testing"
	"time"

	"power_exporter/cmd/powersim/simlive"
	"power_exporter/cmd/powersim/simups"
)

// One at a time, for 45 s to 2 min, after 3 to 6 min with mains.
func TestOutages(t *testing.T) {
	t.Parallel()
	o := simups.NewOutages(simlive.Random(1))
	now := time.Unix(1790000000, 0)
	since, victims := now, map[string]int{}
	was := ""
	for range 12 * 3600 {
		o.Step(now, false, []string{"a", "b"})
		if o.Victim != was {
			lasted, low, high := now.Sub(since), 3*time.Minute, 6*time.Minute
			if was != "" {
				low, high = 45*time.Second, 2*time.Minute
			}
			if lasted < low || lasted > high || was != "" && o.Victim != "" {
				t.Errorf("%q after %v of %q", o.Victim, lasted, was)
			}
			since, was = now, o.Victim
			victims[was]++
		}
		now = now.Add(time.Second)
	}
	if victims["a"] < 30 || victims["b"] < 30 || victims[""] < 60 {
		t.Error(victims)
	}
}

// A battery that is empty ends its outage, and nobody is without mains who could
// not bear it.
func TestOutagesEnd(t *testing.T) {
	t.Parallel()
	o := simups.NewOutages(simlive.Random(1))
	now := time.Unix(1790000000, 0)
	for range 3600 {
		o.Step(now, false, nil)
		if o.Victim != "" {
			t.Fatal(o.Victim)
		}
		now = now.Add(time.Second)
	}
	for o.Victim == "" {
		o.Step(now, false, []string{"a"})
		now = now.Add(time.Second)
	}
	o.Step(now, true, []string{"a", "b"})
	if o.Victim != "" {
		t.Errorf("%q is empty, and without mains", o.Victim)
	}
	o.Step(now.Add(2*time.Minute), false, []string{"a", "b"})
	if o.Victim != "" {
		t.Errorf("no rest before %q", o.Victim)
	}
}
