package powersentrixsim_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simtest"
)

// plausible says whether a reading is as recorded but for a drift.
func plausible(t *testing.T, what string, was, is int, by float64) {
	t.Helper()
	if math.Abs(float64(is-was)) > by*float64(was)+1 {
		t.Errorf("%s was %d and is %d", what, was, is)
	}
}

// Half an hour of each model, in which everything must fit together at each
// moment.
func TestLive(t *testing.T) {
	t.Parallel()
	for _, name := range powersentrixsim.Models() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := ups(t, powersentrixsim.Options{}, name)
			first := data(t, u)
			live := powersentrixsim.NewLive(u, 7)
			now := time.Date(2026, time.May, 8, 12, 0, 0, 0, time.UTC)
			without, off := 0, 0
			live.Step(now)
			last := data(t, u)
			for range 1800 {
				now = now.Add(time.Second)
				live.Step(now)
				d := data(t, u)
				if name != "manual" { // in which outputs that are off have voltages
					consistent(t, name, d)
				}
				outage := 0
				for i, s := range d.UPSData.PS {
					was := first.UPSData.PS[i]
					if *s.Main == 0 {
						outage++
						if *s.Load > *s.Batt || *s.Batt > scaled(*was.Batt, 0.975) {
							t.Errorf("without mains: load %d, battery %d", *s.Load, *s.Batt)
						}
						if b := last.UPSData.PS[i]; *b.Main == 0 && *s.Batt > *b.Batt+20 {
							t.Errorf("the battery goes from %d to %d without mains", *b.Batt, *s.Batt)
						}
					} else {
						plausible(t, "main", *was.Main, *s.Main, 0.011)
						plausible(t, "battery", *was.Batt, *s.Batt, 0.035)
					}
					if *s.Main > 0 || *s.Load < *s.Batt { // else the battery feeds the bus
						plausible(t, "load", *was.Load, *s.Load, 0.011)
					}
					if !cmp.Equal(s.Status, was.Status) || !cmp.Equal(s.BUV, was.BUV) {
						t.Error("what has no meaning has changed")
					}
				}
				if outage != 0 && outage != len(d.UPSData.PS) {
					t.Error("some have mains")
				}
				without += min(1, outage)
				off += follow(t, first.UPSData, d.UPSData)
				last = d
				if t.Failed() {
					t.FailNow()
				}
			}
			if without < 120 || without > 900 {
				t.Errorf("%d s without mains", without)
			}
			if (off > 0) != (first.UPSData.Outputs != nil) || off > 300 {
				t.Errorf("%d s with an output off", off)
			}
			events(t, u, first.UPSData.Outputs != nil)
		})
	}
}

// scaled is a number times a factor.
func scaled(n int, factor float64) int { return int(float64(n) * factor) }

// follow holds the outputs against what they were, and counts those that are
// off for a moment.
func follow(t *testing.T, was, is *powersentrixsim.UPSData) (off int) {
	t.Helper()
	for i, on := range is.Outputs {
		if on != was.Outputs[i] {
			off++
			if on != 0 || is.Voltages[i] != 0 || is.Currents[i] != 0 {
				t.Errorf("output %d is off: %+v", i, is)
			}
			continue
		}
		plausible(t, "voltage", was.Voltages[i], is.Voltages[i], 0.006)
		plausible(t, "current", was.Currents[i], is.Currents[i], 0.16)
	}
	if off > 1 {
		t.Errorf("%d outputs are off", off)
	}
	return off
}

// events looks at what was recorded in half an hour: what fails comes back.
func events(t *testing.T, u *powersentrixsim.UPS, switches bool) {
	t.Helper()
	count, mains, outputs := map[string]int{}, []string{}, []string{}
	for i, e := range u.Events() {
		if e.Ord != i+1 || e.CMM != u.CMM() || e.Params != "" || !strings.HasPrefix(e.Timestamp, "2026-05-08 1") {
			t.Errorf("%+v", e)
		}
		count[e.Code]++
		switch e.Code {
		case "W/E10", "I/E11":
			mains = append(mains, e.Code)
		case "I/E01", "I/E02":
			outputs = append(outputs, e.Code)
			if !strings.HasPrefix(e.Description, "Output ") {
				t.Errorf("%+v", e)
			}
		}
	}
	for i, code := range mains {
		if code != []string{"W/E10", "I/E11"}[i%2] {
			t.Error(mains)
		}
	}
	for i, code := range outputs {
		if code != []string{"I/E02", "I/E01"}[i%2] {
			t.Error(outputs)
		}
	}
	if count["W/E10"] < 4 || count["W/E10"] > 15 || count["W/E12"] > count["W/E10"] || (count["I/E02"] > 8) != switches || len(outputs) > 60 {
		t.Error(count)
	}
}

// A battery that runs low is an event, once in an outage.
func TestBatteryLow(t *testing.T) {
	t.Parallel()
	low := 0
	for seed := range uint64(20) {
		u := ups(t, powersentrixsim.Options{}, "full")
		live := powersentrixsim.NewLive(u, seed)
		for i := range 3600 {
			live.Step(time.Unix(int64(i), 0))
		}
		inOutage := 0
		for _, e := range u.Events() {
			switch e.Code {
			case "W/E10":
				inOutage = 0
			case "W/E12":
				low++
				inOutage++
				if inOutage > 1 {
					t.Error("twice in an outage")
				}
			}
		}
	}
	if low < 10 {
		t.Errorf("%d times in 20 hours", low)
	}
}

func TestLiveRepeatsItself(t *testing.T) {
	t.Parallel()
	var lives []string
	for _, seed := range []uint64{42, 42, 43} {
		u := ups(t, powersentrixsim.Options{}, "full")
		live := powersentrixsim.NewLive(u, seed)
		for i := range 600 {
			live.Step(time.Unix(int64(i), 0))
		}
		lives = append(lives, string(u.Data()))
	}
	if lives[0] != lives[1] || lives[0] == lives[2] {
		t.Error(lives)
	}
}

// A step that comes late changes nothing, and those after it go on.
func TestLiveLateStep(t *testing.T) {
	t.Parallel()
	u := ups(t, powersentrixsim.Options{}, "full")
	simtest.LateStep(t, powersentrixsim.NewLive(u, 1).Step, func() string { return string(u.Data()) })
}

// Uptimes grow by the time that has passed.
func TestLiveUptimes(t *testing.T) {
	t.Parallel()
	u := ups(t, powersentrixsim.Options{}, "manual")
	u.Update(func(d *powersentrixsim.Data) { d.Config.Ident.ComUptime = "long" })
	live := powersentrixsim.NewLive(u, 1)
	begin := time.Unix(1790000000, 0)
	live.Step(begin)
	live.Step(begin.Add(22*time.Hour + 49*time.Minute))
	d := data(t, u)
	if d.UPSData.Uptime != "6d 01h 00m" || d.Config.Ident.MainUptime != "6d 01h 00m" || d.Config.Ident.ComUptime != "long" {
		t.Errorf("%+v %s", d.Config.Ident, d.UPSData.Uptime)
	}
}

// A part may be taken away, or made shorter or longer, under a Live.
func TestLiveFollows(t *testing.T) {
	t.Parallel()
	u := ups(t, powersentrixsim.Options{}, "full")
	live := powersentrixsim.NewLive(u, 1)
	now := time.Unix(0, 0)
	for _, edit := range []func(*powersentrixsim.Data){
		func(d *powersentrixsim.Data) { d.UPSData.Voltages = d.UPSData.Voltages[:2] },
		func(d *powersentrixsim.Data) { d.UPSData.Currents = append(d.UPSData.Currents, 5) },
		func(d *powersentrixsim.Data) { d.UPSData.Outputs = nil },
		func(d *powersentrixsim.Data) {
			d.Config.Outputs = append(d.Config.Outputs, powersentrixsim.Output{ID: -1}, powersentrixsim.Output{ID: 12})
		},
		func(d *powersentrixsim.Data) { d.UPSData.PS[0].Cell = nil; d.UPSData.PS[1].Main = nil },
		func(d *powersentrixsim.Data) { d.UPSData.PS[0].Batt = nil; d.UPSData.PS[1].Load = nil },
		func(d *powersentrixsim.Data) { d.UPSData.PS = append(d.UPSData.PS, powersentrixsim.PowerSupply{}) },
		func(d *powersentrixsim.Data) { d.UPSData.PS = d.UPSData.PS[:1] },
		func(d *powersentrixsim.Data) { d.UPSData.Temps.MCU = nil },
		func(d *powersentrixsim.Data) { d.UPSData.Temps = nil },
		func(d *powersentrixsim.Data) { d.Config.Ident = nil },
		func(d *powersentrixsim.Data) { d.Config = nil },
		func(d *powersentrixsim.Data) { d.UPSData = nil },
	} {
		u.Update(edit)
		before := data(t, u)
		for range 600 {
			live.Step(now)
			now = now.Add(time.Second)
		}
		after := data(t, u)
		if (before.UPSData == nil) != (after.UPSData == nil) || (before.Config == nil) != (after.Config == nil) {
			t.Errorf("%+v became %+v", before, after)
		}
		if before.UPSData != nil && (len(before.UPSData.Voltages) != len(after.UPSData.Voltages) || len(before.UPSData.PS) != len(after.UPSData.PS)) {
			t.Errorf("%+v became %+v", before, after)
		}
	}
	nothing := powersentrixsim.NewUPS(powersentrixsim.Options{}, powersentrixsim.Model{})
	defer nothing.Close()
	life := powersentrixsim.NewLive(nothing, 1)
	for i := range 3600 {
		life.Step(time.Unix(int64(i), 0))
	}
	if string(nothing.Data()) != "{}" || nothing.Events() != nil {
		t.Errorf("%s %v", nothing.Data(), nothing.Events())
	}
}

// What lives is pushed, the events of its life as they happen.
func TestLiveIsPushed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		u := ups(t, powersentrixsim.Options{}, "full")
		_, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), Period: 5 * time.Second}, u)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		powersentrixsim.NewLive(u, 1).Run(ctx, time.Second)
		synctest.Wait()
		stop()
		ords, at := of(server.all(), "setUpsLog")
		if len(ords) != len(u.Events()) || len(ords) < 10 || !slices.IsSorted(ords) || ords[len(ords)-1] != len(ords) {
			t.Errorf("%v of %d", ords, len(u.Events()))
		}
		for _, at := range at {
			if at%time.Second != 0 {
				t.Errorf("an event came after %v, between two steps", at)
			}
		}
		if _, at := of(server.all(), "setUpsData"); len(at) != 240 && len(at) != 241 {
			t.Errorf("%d times", len(at))
		}
	})
}
