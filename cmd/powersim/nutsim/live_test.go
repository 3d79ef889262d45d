package nutsim_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/cmd/powersim/simtest"
)

// recordedServer offers every recorded device.
func recordedServer(t *testing.T) *nutsim.Server {
	t.Helper()
	server := nutsim.New(nutsim.Options{})
	for _, name := range nutsim.Devices() {
		server.Add(device(t, name))
	}
	return server
}

// snapshot is every variable of every UPS as it is now.
func snapshot(server *nutsim.Server) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, name := range server.Names() {
		u, _ := server.UPS(name)
		all[name] = u.Variables
	}
	return all
}

// number reads a variable that must be a number.
func number(t *testing.T, variables map[string]string, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(variables[name], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Three hours, in which every reading must stay plausible.
func TestLive(t *testing.T) {
	server := recordedServer(t)
	recorded := snapshot(server)
	live := nutsim.NewLive(server, 7)
	now := time.Unix(1790000000, 0)
	outages, charging := map[string]int{}, map[string]int{}
	status := map[string]string{}
	for range 3 * 3600 / 15 {
		live.Step(now)
		now = now.Add(15 * time.Second)
		for name, variables := range snapshot(server) {
			if t.Failed() {
				t.FailNow()
			}
			plausible(t, name, recorded[name], variables)
			is, was := variables["ups.status"], status[name]
			if strings.HasPrefix(is, "OB") && strings.HasPrefix(was, "OL") {
				outages[name]++
			}
			if strings.HasPrefix(is, "OL CHRG") {
				charging[name]++
			}
			if strings.HasPrefix(was, "OB") && name != "onbattery" && !strings.HasPrefix(is, "OB") && is != "OL CHRG" {
				t.Errorf("%s: %q after %q", name, is, was)
			}
			status[name] = is
		}
	}
	for _, name := range []string{"homelab", "rack3ph"} {
		if outages[name] < 5 || charging[name] < 10 {
			t.Errorf("%s: %d outages, charging %d times", name, outages[name], charging[name])
		}
	}
	if len(outages) != 2 {
		t.Errorf("outages: %v", outages)
	}
	if diff := cmp.Diff(recorded["stale"], snapshot(server)["stale"]); diff != "" {
		t.Errorf("a UPS without a driver has changed:\n%s", diff)
	}
}

// plausible checks one device at one moment.
func plausible(t *testing.T, name string, recorded, variables map[string]string) {
	t.Helper()
	if len(variables) != len(recorded) {
		t.Fatalf("%s has %d variables, not %d", name, len(variables), len(recorded))
	}
	words := strings.Fields(variables["ups.status"])
	onBattery := slices.Contains(words, "OB")
	if onBattery == slices.Contains(words, "OL") || onBattery && !slices.Contains(words, "DISCHRG") || onBattery && slices.Contains(words, "CHRG") {
		t.Errorf("%s is %q", name, words)
	}
	for variable, value := range variables {
		was, err := strconv.ParseFloat(recorded[variable], 64)
		if err != nil {
			continue
		}
		is := number(t, variables, variable)
		switch {
		case strings.Contains(recorded[variable], ".") != strings.Contains(value, "."):
			t.Errorf("%s: %s was %s and is %s", name, variable, recorded[variable], value)
		case strings.HasPrefix(variable, "input.") && onBattery && name != "onbattery":
			if strings.HasSuffix(variable, ".voltage") && is != 0 {
				t.Errorf("%s: on battery with %s %s", name, variable, value)
			}
		case strings.HasSuffix(variable, ".nominal") || strings.HasSuffix(variable, ".maximum") || strings.Contains(variable, ".high.") || strings.HasSuffix(variable, ".id"):
			if is != was {
				t.Errorf("%s: %s was %v and is %v", name, variable, was, is)
			}
		case strings.HasPrefix(variable, "battery.") || variable == "device.uptime":
		case math.Abs(is-was) > 0.3*math.Abs(was)+1:
			t.Errorf("%s: %s was %v and is %v", name, variable, was, is)
		}
	}
	if variables["battery.charge"] != "" {
		charge := number(t, variables, "battery.charge")
		if charge < 0 || charge > 100 {
			t.Errorf("%s: charge %v", name, charge)
		}
		if low := number(t, variables, "battery.charge.low"); onBattery && slices.Contains(words, "LB") != (charge <= low) && math.Abs(charge-low) > 1 {
			t.Errorf("%s: %q at %v %%", name, words, charge)
		}
	}
	if name == "epdu" {
		sums(t, variables)
	}
}

// sums holds a PDU's groups and lines against its outlets.
func sums(t *testing.T, variables map[string]string) {
	t.Helper()
	groups := map[string]float64{}
	for i := 1; i <= 12; i++ {
		outlet := fmt.Sprintf("outlet.%d", i)
		groups[variables[outlet+".groupid"]] += number(t, variables, outlet+".realpower")
	}
	total := 0.0
	for group, want := range groups {
		total += want
		name := "outlet.group." + group
		line := "input." + variables[name+".phase"]
		for _, sum := range []string{name, line} {
			if got := number(t, variables, sum+".realpower"); math.Abs(got-want) > 3+0.02*want {
				t.Errorf("%s.realpower is %v, its outlets have %v", sum, got, want)
			}
		}
	}
	if got := number(t, variables, "input.realpower"); math.Abs(got-total) > 10+0.02*total {
		t.Errorf("input.realpower is %v, the outlets have %v", got, total)
	}
}

func TestLiveRepeatsItself(t *testing.T) {
	var lives []map[string]map[string]string
	for range 2 {
		server := recordedServer(t)
		live := nutsim.NewLive(server, 42)
		for i := range 500 {
			live.Step(time.Unix(int64(i)*5, 0))
		}
		lives = append(lives, snapshot(server))
	}
	if diff := cmp.Diff(lives[0], lives[1]); diff != "" {
		t.Error(diff)
	}
}

// A step that comes late changes nothing, and those after it go on.
func TestLiveLateStep(t *testing.T) {
	server := recordedServer(t)
	simtest.LateStep(t, nutsim.NewLive(server, 1).Step, func() string { return fmt.Sprint(snapshot(server)) })
}

// Devices may come, go and fall silent under a Live.
func TestLiveFollowsTheFleet(t *testing.T) {
	server := nutsim.New(nutsim.Options{}, device(t, "homelab"))
	live := nutsim.NewLive(server, 1)
	now := time.Unix(0, 0)
	for i := range 2000 {
		switch i % 400 {
		case 100:
			server.Add(device(t, "rack3ph"))
		case 200:
			if err := server.SetState("homelab", nutsim.StateStale); err != nil {
				t.Fatal(err)
			}
			before := snapshot(server)["homelab"]
			live.Step(now)
			if diff := cmp.Diff(before, snapshot(server)["homelab"]); diff != "" {
				t.Errorf("a stale UPS has changed:\n%s", diff)
			}
		case 250:
			if err := server.SetState("homelab", nutsim.StateOK); err != nil {
				t.Fatal(err)
			}
		case 300:
			server.Remove("rack3ph")
		case 350:
			server.Remove("homelab")
		case 399:
			server.Add(device(t, "homelab"))
		}
		live.Step(now)
		now = now.Add(5 * time.Second)
	}
}

func TestLiveRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := recordedServer(t)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		before := snapshot(server)
		nutsim.NewLive(server, 1).Run(ctx, 10*time.Second)
		after := snapshot(server)
		if is, was := number(t, after["epdu"], "device.uptime"), number(t, before["epdu"], "device.uptime"); is != was+110 && is != was+120 {
			t.Errorf("uptime %v after %v", is, was)
		}
		if after["homelab"]["ups.load"] == before["homelab"]["ups.load"] {
			t.Error("the load stands still")
		}
		if temperature := after["homelab"]["ups.temperature"]; len(temperature) != len("042.7") {
			t.Errorf("temperature %q", temperature)
		}
	})
}
