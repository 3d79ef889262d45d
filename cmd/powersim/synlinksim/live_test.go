package synlinksim_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

// A quarter of an hour of each model, in which every sum must be right at each
// moment and the energies must be those of the powers.
func TestLive(t *testing.T) {
	for _, name := range synlinksim.Models() {
		t.Run(name, func(t *testing.T) {
			pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded(name))
			defer pdu.Close()
			first := look(t, pdu)
			live := synlinksim.NewLive(pdu, 7)
			now := time.Unix(1790000000, 0)
			const step, steps = 2 * time.Second, 450
			wattSeconds, surges := 0.0, 0
			last := first
			live.Step(now)
			for range steps {
				now = now.Add(step)
				live.Step(now)
				r := look(t, pdu)
				if name != "manual" {
					consistent(t, name, r)
				}
				for i, b := range r.Banks {
					wattSeconds += max(0, b.ActivePower) * step.Seconds()
					plausible(t, "voltage", first.Banks[i].VoltageRms, b.VoltageRms, 0.02)
					plausible(t, "frequency", first.Banks[i].LineFrequency, b.LineFrequency, 0.002)
					plausible(t, "power factor", first.Banks[i].PowerFactor, b.PowerFactor, 0.05)
					if b.EnergyAccumulation < last.Banks[i].EnergyAccumulation {
						t.Errorf("bank %s lost energy", b.ID)
					}
				}
				high := 0
				for i, o := range r.Outlets {
					if o.CurrentRms == nil {
						continue
					}
					if *o.CurrentRms > 1.35**first.Outlets[i].CurrentRms && *o.CurrentRms > 0.01 {
						high++
					} else {
						plausible(t, "current of outlet "+o.ID, *first.Outlets[i].CurrentRms, *o.CurrentRms, 0.32)
					}
				}
				if high > 1 {
					t.Errorf("%d surges at the same time", high)
				}
				surges += high
				last = r
				if t.Failed() {
					t.FailNow()
				}
			}
			grown := last.Diagnostics.LifetimeInletEnergyAccumulation - first.Diagnostics.LifetimeInletEnergyAccumulation
			if want := wattSeconds / 3.6e6; !near(grown, want, 0.02) {
				t.Errorf("the energy grew by %v kWh, the power makes %v", grown, want)
			}
			for i := range first.Inlets {
				if inlet := *last.Inlets[i].InletEnergyAccumulation - *first.Inlets[i].InletEnergyAccumulation; !near(inlet, grown, 0.02) {
					t.Errorf("inlet %s grew by %v kWh, not %v", first.Inlets[i].ID, inlet, grown)
				}
			}
			if seconds := last.Device.Uptime - first.Device.Uptime; seconds != steps*step.Seconds() {
				t.Errorf("up for %v s more", seconds)
			}
			if name != "manual" && last.Device.Time != now.UTC().Format("2006-01-02T15:04Z") {
				t.Errorf("time %s", last.Device.Time)
			}
			if name != "switched" && (surges < 6 || surges > 45) {
				t.Errorf("%d surges in 15 minutes", surges)
			}
			if name != "manual" && cmp.Equal(first.Banks, last.Banks) {
				t.Error("nothing moved")
			}
		})
	}
}

// plausible says whether a reading is as recorded but for a drift.
func plausible(t *testing.T, what string, was, is, by float64) {
	t.Helper()
	if math.Abs(is-was) > by*math.Abs(was)+0.001 {
		t.Errorf("%s was %v and is %v", what, was, is)
	}
}

// A surge is in every bank and inlet above it, and lasts 2 s.
func TestSurge(t *testing.T) {
	pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("switched"))
	defer pdu.Close()
	live := synlinksim.NewLive(pdu, 3)
	now := time.Unix(1790000000, 0)
	usual := look(t, pdu).Banks[0].CurrentRms
	lasted, longest := 0, 0
	for range 3600 {
		live.Step(now)
		now = now.Add(time.Second)
		if look(t, pdu).Banks[0].CurrentRms > 1.5*usual {
			lasted++
		} else {
			lasted = 0
		}
		longest = max(longest, lasted)
	}
	if longest != 2 {
		t.Errorf("a surge of %d s", longest)
	}
}

func TestLiveRepeatsItself(t *testing.T) {
	var lives []reading
	for range 2 {
		pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("rack36"))
		live := synlinksim.NewLive(pdu, 42)
		for i := range 300 {
			live.Step(time.Unix(int64(i), 0))
		}
		lives = append(lives, look(t, pdu))
		if err := pdu.Close(); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(lives[0], lives[1]); diff != "" {
		t.Error(diff)
	}
}

// A step that comes late changes nothing, and those after it go on.
func TestLiveLateStep(t *testing.T) {
	pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("rack36"))
	defer pdu.Close()
	simtest.LateStep(t, synlinksim.NewLive(pdu, 1).Step, func() string {
		var all strings.Builder
		for _, reply := range []string{"device", "inlets", "banks", "outlets", "groups", "sensors", "diagnostics"} {
			all.Write(pdu.Reply(reply))
		}
		return all.String()
	})
}

// Replies may be replaced or taken away under a Live.
func TestLiveFollows(t *testing.T) {
	pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("wye"))
	defer pdu.Close()
	live := synlinksim.NewLive(pdu, 1)
	now := time.Unix(0, 0)
	for _, reply := range []string{"outlets", "groups", "banks", "inlets", "sensors", "device", "diagnostics"} {
		live.Step(now)
		if err := pdu.SetReply(reply, ""); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
	}
	if err := pdu.SetReply("inlets", string(synlinksim.MustRecorded("wye").Replies["inlets"])); err != nil {
		t.Fatal(err)
	}
	live.Step(now)
	if text := string(pdu.Reply("inlets")); !json.Valid([]byte(text)) || !strings.Contains(text, `"100%"`) {
		t.Error(text)
	}
}

func TestLiveRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("rack36"))
		defer pdu.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		before := look(t, pdu).Device.Uptime
		synlinksim.NewLive(pdu, 1).Run(ctx, time.Second)
		if after := look(t, pdu).Device.Uptime; after != before+119 && after != before+120 {
			t.Errorf("uptime %v after %v", after, before)
		}
	})
}

// A reader never sees half a step.
func TestLiveWhileRead(t *testing.T) {
	pdu, url := recorded(t, onlyTicks(), "rack36")
	conn := stream(t, pdu, url)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		synlinksim.NewLive(pdu, 1).Run(ctx, 100*time.Microsecond)
	}()
	for range 50 {
		pdu.Tick()
		_, message, err := read(t, conn)
		if err != nil {
			t.Fatal(err)
		}
		frame := simtest.Decoded[reading](t, message)
		sum, banks := 0.0, 0.0
		for _, o := range frame.Outlets {
			sum += *o.CurrentRms
		}
		for _, b := range frame.Banks {
			banks += b.CurrentRms
		}
		if !near(banks, sum, 0.005) {
			t.Errorf("banks %v A, outlets %v A", banks, sum)
		}
	}
	cancel()
	<-done
}
