package power_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"power_exporter/power"
)

func TestStatesThatAreNotReported(t *testing.T) {
	var s power.States
	if s.Reported() {
		t.Error("the zero States is reported")
	}
	for state := range s.All() {
		t.Errorf("the zero States has the state %q", state)
	}
}

func TestStates(t *testing.T) {
	known := order(power.StatesOf())
	if len(known) != 20 {
		t.Errorf("there are %d known states, want 20: %q", len(known), known)
	}
	if len(slices.Compact(slices.Sorted(slices.Values(known)))) != len(known) {
		t.Errorf("a known state comes twice: %q", known)
	}
	for _, test := range []struct {
		name    string
		given   []power.State
		holding []power.State
		unknown []power.State // in the order in which they follow the known ones
	}{
		{name: "none"},
		{name: "some", given: []power.State{power.StateCharging, power.StateOnLine}, holding: []power.State{power.StateCharging, power.StateOnLine}},
		{name: "twice", given: []power.State{power.StateOff, power.StateOff}, holding: []power.State{power.StateOff}},
		{
			name:    "unknown ones",
			given:   []power.State{"eco", power.StateOnLine, "bypass2", "eco"},
			holding: []power.State{power.StateOnLine, "eco", "bypass2"},
			unknown: []power.State{"eco", "bypass2"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := power.StatesOf(test.given...)
			if !s.Reported() {
				t.Error("the states are not reported")
			}
			if diff := cmp.Diff(slices.Concat(known, test.unknown), order(s)); diff != "" {
				t.Errorf("difference from the wanted order (-) to the one it has (+):\n%s", diff)
			}
			holding := map[power.State]bool{}
			for state, active := range s.All() {
				if active {
					holding[state] = true
				}
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(test.holding)), slices.Sorted(maps.Keys(holding)), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("difference from the states that should hold (-) to those that do (+):\n%s", diff)
			}
		})
	}
}

func TestStatesCanBeLeftEarly(t *testing.T) {
	s := power.StatesOf("eco", "more")
	for stop := range 22 {
		seen := 0
		for range s.All() {
			if seen++; seen > stop {
				break
			}
		}
		if seen != stop+1 {
			t.Errorf("stopping after %d states gave %d", stop+1, seen)
		}
	}
}

// order is the states in the order in which they come.
func order(s power.States) []power.State {
	var states []power.State
	for state := range s.All() {
		states = append(states, state)
	}
	return states
}
