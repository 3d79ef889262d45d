package powerpulsesim_test

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simtest"
)

// An hour of each model, in which every member must fit the others at each
// moment.
func TestLive(t *testing.T) {
	t.Parallel()
	for _, name := range powerpulsesim.Models() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := made(t, name)
			first := known(t, server)
			live := powerpulsesim.NewLive(server, 7)
			now := start
			outages, before, moved := 0, 0, false
			for range 360 {
				live.Step(now)
				now = now.Add(10 * time.Second)
				onBattery := 0
				for i, s := range known(t, server) {
					was := first[i]
					if was.Status == "Unknown" || was.Status == "Error" {
						continue
					}
					if name != "manual" {
						consistent(t, name, s)
						ups(t, was, s)
					}
					if was.Status == "Online" && s.Status == "On Battery" {
						onBattery++
					}
					moved = moved || *s.Load != *was.Load
				}
				if onBattery > 1 {
					t.Errorf("%d on battery at the same time", onBattery)
				}
				if onBattery > before {
					outages++
				}
				before = onBattery
				if t.Failed() {
					t.FailNow()
				}
			}
			if name != "empty" && (outages < 5 || outages > 14 || !moved) {
				t.Errorf("%d outages in an hour, loads moved: %v", outages, moved)
			}
			down(t, first, known(t, server))
		})
	}
}

// ups says what is not plausible of one that is up.
func ups(t *testing.T, was, is system) {
	t.Helper()
	drift := func(what string, from, to, by float64) {
		if math.Abs(to-from) > by*math.Abs(from)+0.5 || from == 0 && to != 0 {
			t.Errorf("%s: %s was %v and is %v", is.Name, what, from, to)
		}
	}
	drift("load", *was.Load, *is.Load, 0.25)
	drift("output", *was.OutputVoltage, *is.OutputVoltage, 0.003)
	if is.Temperature != nil {
		drift("temperature", *was.Temperature, *is.Temperature, 0.15)
	}
	words := strings.Fields(is.UpsDetails.Status)
	outage := was.Status == "Online" && is.Status == "On Battery"
	switch {
	case outage && (*is.InputVoltage != 0 || words[0] != "OB" || words[1] != "DISCHRG"):
		t.Errorf("%s on battery: %v V, %v", is.Name, *is.InputVoltage, words)
	case !outage:
		drift("input", *was.InputVoltage, *is.InputVoltage, 0.021)
		if is.Status != was.Status {
			t.Errorf("%s is %s", is.Name, is.Status)
		}
	}
	if was.UpsDetails.Status == "OL RB" && words[len(words)-1] != "RB" {
		t.Errorf("%s is %v", is.Name, words)
	}
	if low := strings.Contains(is.UpsDetails.Status, "LB"); outage && low != (math.Round(*is.BatteryCharge) <= math.Max(was.BatteryDetails.ChargeLow, 0)) && math.Abs(*is.BatteryCharge-was.BatteryDetails.ChargeLow) > 1 {
		t.Errorf("%s at %v %% is %v", is.Name, *is.BatteryCharge, words)
	}
	if *is.BatteryCharge > *was.BatteryCharge || was.BatteryDetails.Runtime == 0 && is.BatteryDetails.Runtime != 0 {
		t.Errorf("%s: %v %%, %v s", is.Name, *is.BatteryCharge, is.BatteryDetails.Runtime)
	}
	// The runtime is that of the charge and of the load, of which whole
	// percents are known.
	if b := was.BatteryDetails; was.Status == "Online" && b.Runtime > 0 && *is.Load > 5 {
		want := b.Runtime * *is.BatteryCharge / b.Charge * *was.Load / *is.Load
		if off := math.Abs(is.BatteryDetails.Runtime - want); off > want*(0.6 / *is.Load + 0.6 / *was.Load)+b.Runtime*0.6/b.Charge+1 {
			t.Errorf("%s lasts %v s, not %v: %v %%, load %v", is.Name, is.BatteryDetails.Runtime, want, *is.BatteryCharge, *is.Load)
		}
	}
	if strings.HasPrefix(string(is.RawVariables), "{") {
		variables(t, is)
	}
}

// variables says where a UPS's NUT variables are not what the rest says.
func variables(t *testing.T, s system) {
	t.Helper()
	raw := simtest.Decoded[map[string]string](t, string(s.RawVariables))
	for variable, is := range map[string]float64{
		"battery.charge": *s.BatteryCharge, "battery.runtime": s.BatteryDetails.Runtime, "battery.voltage": *s.BatteryVoltage,
		"input.voltage": *s.InputVoltage, "output.voltage": *s.OutputVoltage, "ups.temperature": *s.Temperature, "ups.load": *s.Load,
	} {
		v, err := strconv.ParseFloat(raw[variable], 64)
		if variable == "ups.load" {
			v = math.Round(v)
		}
		if err != nil || v != is {
			t.Errorf("%s: %s is %q, and elsewhere %v", s.Name, variable, raw[variable], is)
		}
	}
	if raw["ups.status"] != s.UpsDetails.Status {
		t.Errorf("%s: %s", s.Name, raw["ups.status"])
	}
}

// down says whether a UPS that was down has changed.
func down(t *testing.T, first, last []system) {
	t.Helper()
	for i, s := range last {
		if was := first[i].Status; (was == "Unknown" || was == "Error") && (s.Status != was || s.Load != nil || s.BatteryCharge != nil || s.UpsDetails != nil) {
			t.Errorf("%+v", s)
		}
	}
}

func TestLiveRepeatsItself(t *testing.T) {
	t.Parallel()
	var lives []string
	for _, seed := range []uint64{42, 42, 43} {
		server := made(t, "raw")
		live := powerpulsesim.NewLive(server, seed)
		for i := range 300 {
			live.Step(start.Add(time.Duration(i) * 5 * time.Second))
		}
		lives = append(lives, string(server.Systems()))
	}
	if lives[0] != lives[1] || lives[0] == lives[2] {
		t.Error("the seed makes the life")
	}
}

// The first step is the recording, to the letter.
func TestLiveBegins(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"running", "down", "manual", "mixed", "raw"} {
		server := made(t, name)
		want := string(server.Systems())
		if name == "manual" {
			want = strings.Replace(want, "230.0", "230", 1) // which is how the program writes it
		}
		powerpulsesim.NewLive(server, 1).Step(start)
		if diff := cmp.Diff(strings.Split(want, ","), strings.Split(string(server.Systems()), ",")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A step that comes late changes nothing, and those after it go on.
func TestLiveLateStep(t *testing.T) {
	t.Parallel()
	server := made(t, "running")
	simtest.LateStep(t, powerpulsesim.NewLive(server, 1).Step, func() string { return string(server.Systems()) })
}

// Systems may be replaced, taken away or go down under a Live, also the one that
// is on battery.
func TestLiveFollows(t *testing.T) {
	t.Parallel()
	server := made(t, "manual")
	live := powerpulsesim.NewLive(server, 1)
	now := start
	until := func(status string) {
		t.Helper()
		for range 200 {
			live.Step(now)
			now = now.Add(5 * time.Second)
			if known(t, server)[0].Status == status {
				return
			}
		}
		t.Fatalf("never %s", status)
	}
	until("On Battery")
	if s := known(t, server)[0]; *s.InputVoltage != 0 || *s.BatteryCharge >= 100 && *s.RuntimeRemaining > 200 {
		t.Errorf("%+v", s)
	}
	if err := server.SetSystems(`[{"id":1,"status":"Unknown","load":null}]`); err != nil {
		t.Fatal(err)
	}
	live.Step(now)
	if text := string(server.Systems()); text != `[{"id":1,"status":"Unknown","load":null}]` {
		t.Error(text)
	}
	// What comes back is met anew.
	if err := server.SetSystems("[" + strings.Replace(document, `"load":30`, `"load":80`, 1) + "]"); err != nil {
		t.Fatal(err)
	}
	until("On Battery")
	until("Online")
	if load := *known(t, server)[0].Load; load < 60 {
		t.Errorf("load %v", load)
	}
	if err := server.SetSystems("[]"); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		live.Step(now)
		now = now.Add(5 * time.Second)
	}
}

// A UPS that tells its charge alone goes on battery as well, and tells no more.
func TestLiveOfALittle(t *testing.T) {
	t.Parallel()
	server := made(t, "empty")
	if err := server.SetSystems(`[{"id":1,"status":"Online","batteryCharge":90,"runtimeRemaining":0,"batteryDetails":{"runtime":0}}]`); err != nil {
		t.Fatal(err)
	}
	live := powerpulsesim.NewLive(server, 1)
	least, now := 90.0, start
	for range 120 {
		live.Step(now)
		now = now.Add(5 * time.Second)
		s := known(t, server)[0]
		if *s.RuntimeRemaining != 0 || s.BatteryDetails.Runtime != 0 || s.Load != nil || s.UpsDetails != nil {
			t.Errorf("%+v", s)
		}
		least = min(least, *s.BatteryCharge)
	}
	// An outage of 45 s to 2 min, at about 0.25 % a second.
	if least < 50 || least > 82 {
		t.Errorf("it emptied to %v %%", least)
	}
}

func TestLiveRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := powerpulsesim.New(powerpulsesim.Options{}, powerpulsesim.MustRecorded("running"))
		defer server.Close()
		before := string(server.Systems())
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		powerpulsesim.NewLive(server, 1).Run(ctx, 5*time.Second)
		if string(server.Systems()) == before {
			t.Error("nothing has changed")
		}
	})
}

// A reader never sees half a step.
func TestLiveWhileRead(t *testing.T) {
	t.Parallel()
	server, url := recorded(t, powerpulsesim.Options{}, "running")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		powerpulsesim.NewLive(server, 1).Run(ctx, 100*time.Microsecond)
	}()
	for range 50 {
		for _, s := range simtest.Decoded[[]system](t, get(t, url+kiosk, "").Body) {
			consistent(t, "running", s)
		}
	}
	cancel()
	<-done
}
