package ems

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/power"
)

// clock is a clock that a test moves.
type clock struct{ now time.Time }

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

// startClock plays a site and makes a collector of it, whose clock begins now.
func startClock(t *testing.T) (*Collector, *emssim.EMS, *clock) {
	t.Helper()
	c, ems := start(t, emssim.Options{}, emssim.MustRecorded("site"))
	k := &clock{time.Now()}
	c.now = func() time.Time { return k.now }
	return c, ems, k
}

// lists is the requests for what an EMS is made of, so many times.
func lists(times, values int) map[string]int {
	return map[string]int{
		"POST /v1/auth/login": 1, "GET /v1/devices": times, "GET /v1/loads": times, "GET /v1/signals": 2 * times,
		"GET /ver": times, "GET /v1/sn": times, "GET /v1/realtime": values + 1, // one that looks for a second page
	}
}

// names are the names of the devices and their circuits.
func names(read []power.Device) string {
	var names []string
	for _, d := range read {
		name := []string{d.Name}
		if !d.Up {
			name[0] += "(down)"
		}
		for _, circuit := range d.Circuits {
			name = append(name, circuit.Name)
		}
		names = append(names, strings.Join(name, "/"))
	}
	return strings.Join(names, " ")
}

func TestListsAreReadRarely(t *testing.T) {
	t.Parallel()
	c, ems, k := startClock(t)
	mustCollect(t, c)
	k.pass(5*time.Minute - time.Nanosecond)
	mustCollect(t, c)
	want(t, ems, lists(1, 2))
	ems.Edit(func(m *emssim.Model) { m.Loads[0].Label = "Renamed" })
	k.pass(time.Nanosecond)
	if got := names(mustCollect(t, c)); !strings.Contains(got, "Main meter/Renamed/Kitchen") {
		t.Errorf("devices: %s", got)
	}
	want(t, ems, lists(2, 3))
	mustCollect(t, c)
	want(t, ems, lists(2, 4))
}

// TestWhatWasReadIsKept lets each list fail when it is due. What it said before
// counts, the error is told in each reading, and only what failed is asked for
// again.
func TestWhatWasReadIsKept(t *testing.T) {
	t.Parallel()
	for _, e := range []endpoint{devices, loads, signals} {
		c, ems, k := startClock(t)
		before := names(mustCollect(t, c))
		ems.SetFault(e.path(), simfault.Fault{Status: http.StatusInternalServerError})
		k.pass(5 * time.Minute)
		for range 3 {
			read, err := collect(t, c)
			if diff := cmp.Diff(before, names(read)); diff != "" {
				t.Errorf("%s: (-before +after)\n%s", e, diff)
			}
			if err == nil || !strings.HasPrefix(err.Error(), "reading "+string(e)+": GET ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: error is %v", e, err)
			}
		}
		all := lists(2, 4)
		all["GET "+e.path()] = map[endpoint]int{devices: 4, loads: 4, signals: 8}[e]
		want(t, ems, all)
		ems.SetFault(e.path(), simfault.Fault{})
		mustCollect(t, c)
		mustCollect(t, c)
		all["GET /v1/realtime"] += 2
		all["GET "+e.path()] += map[endpoint]int{devices: 1, loads: 1, signals: 2}[e]
		want(t, ems, all)
	}
}

// TestNewSignals reads the lists at once when there is a value of a signal that
// is not known, and only once if they do not help.
func TestNewSignals(t *testing.T) {
	t.Parallel()
	c, ems, _ := startClock(t)
	mustCollect(t, c)
	twice := lists(2, 3)
	twice["GET /ver"], twice["GET /v1/sn"] = 1, 1

	ems.Edit(func(m *emssim.Model) {
		now := m.Realtime[0].T
		m.Devices = append(m.Devices, emssim.Device{UID: 1000, Label: "New", PartNumber: "EM24_E1"})
		m.Loads = append(m.Loads, emssim.Load{UID: 1001, Label: "Car", Enable: true, DID: 1000, TCP: &emssim.Block{}})
		m.Signals = append(m.Signals, emssim.Signal{UID: 1002, SI: 60, SIR: 60, Enable: true, LID: 1001, DID: 1000})
		m.Realtime = append(m.Realtime, emssim.Value{UID: 1002, SI: 60, V: new(7200.0), T: now})
	})
	for range 2 {
		if got := names(mustCollect(t, c)); !strings.HasSuffix(got, " New/Car") {
			t.Errorf("devices: %s", got)
		}
	}
	want(t, ems, twice)

	// One of no signal at all.
	ems.Edit(func(m *emssim.Model) {
		m.Realtime = append(m.Realtime, emssim.Value{UID: 2000, SI: 60, V: new(1.0), T: m.Realtime[0].T})
	})
	for range 3 {
		mustCollect(t, c)
	}
	thrice := lists(3, 6)
	thrice["GET /ver"], thrice["GET /v1/sn"] = 1, 1
	want(t, ems, thrice)
}

// TestASignalOfSomethingElse reads the lists at once when a signal has become
// one of something else, before its value is taken for what it was.
func TestASignalOfSomethingElse(t *testing.T) {
	t.Parallel()
	c, ems, _ := startClock(t)
	mustCollect(t, c)
	ems.Edit(func(m *emssim.Model) {
		m.Signals[0].SI, m.Realtime[0].SI, *m.Realtime[0].V = 63, 63, 49.9
		m.Signals[5].Enable = false // the load's frequency so far
	})
	ems.SetFault(signals.path(), simfault.Fault{Status: http.StatusInternalServerError})
	for _, want := range []string{"50.01 Hz, absent V", "49.9 Hz, absent V"} {
		read, err := collect(t, c)
		main := read[1].Circuits[0]
		if got := main.Frequency.String() + " Hz, " + main.Lines[0].Voltage.String() + " V"; got != want {
			t.Errorf("the load has %s, want %s; error %v", got, want, err)
		}
		ems.SetFault(signals.path(), simfault.Fault{})
	}
}

// TestAnEMSThatIsGone shows its devices as down, and all of them up again when
// it is back, without the lists being read again.
func TestAnEMSThatIsGone(t *testing.T) {
	t.Parallel()
	c, ems, _ := startClock(t)
	before := names(mustCollect(t, c))
	ems.SetFault(realtime.path(), simfault.Fault{Reset: true})
	read, err := collect(t, c)
	if got := names(read); err == nil || got != "(down) Main meter(down) EM1(down) Smart meter(down) Virtual meter(down)" {
		t.Errorf("devices %s, error %v", got, err)
	}
	for _, d := range read {
		if d.LastSeen.Present() || d.ReadingAge.Present() || d.Natives != nil {
			t.Errorf("down, and %+v", d)
		}
	}
	ems.SetFault(realtime.path(), simfault.Fault{})
	if got := names(mustCollect(t, c)); got != before {
		t.Errorf("devices %s, want %s", got, before)
	}
	all := lists(1, 3)
	// A request on a connection that was kept, and is reset, is made once more.
	all["GET /v1/realtime"] = ems.Stats().Requests["GET /v1/realtime"]
	want(t, ems, all)
}

// TestValuesGrowOld lets time pass with an EMS whose meters have fallen silent.
func TestValuesGrowOld(t *testing.T) {
	t.Parallel()
	c, ems, k := startClock(t)
	ems.Refresh(k.now)
	at := k.now.Truncate(time.Millisecond)
	for _, tt := range []struct {
		pass time.Duration
		up   bool
		age  power.Value
	}{
		{0, true, power.Elapsed(k.now.Sub(at))},
		{-10 * time.Minute, true, power.Elapsed(0)}, // its clock is ahead
		{20 * time.Minute, true, power.Elapsed(k.now.Sub(at) + 10*time.Minute)},
		{50*time.Minute - k.now.Sub(at), true, power.Elapsed(time.Hour)},
		{time.Nanosecond, false, power.Value{}},
	} {
		k.pass(tt.pass)
		d := mustCollect(t, c)[2]
		if d.Up != tt.up || d.ReadingAge != tt.age || d.LastSeen != power.Timestamp(at) || (len(d.Circuits) == 1) != tt.up {
			t.Errorf("at %s: up %t, age %s, seen %s, %d circuits; want %t, %s, %s", k.now.Sub(at), d.Up, d.ReadingAge, d.LastSeen, len(d.Circuits), tt.up, tt.age, power.Timestamp(at))
		}
		if tt.up && d.Circuits[0].ReadingAge != tt.age {
			t.Errorf("at %s the circuit's age is %s, want %s", k.now.Sub(at), d.Circuits[0].ReadingAge, tt.age)
		}
	}
}

// TestOtherPaths reads an EMS that has everything elsewhere.
func TestOtherPaths(t *testing.T) {
	t.Parallel()
	c, ems := start(t, emssim.Options{Paths: emssim.Paths{
		Version: "/version", Login: "/login", SerialNumber: "/info/sn", MAC: "/info/mac",
		Devices: "/d", Loads: "/l", Signals: "/s", Realtime: "/r",
	}}, emssim.MustRecorded("site"), func(o *Options) {
		o.Paths = map[string]string{
			"version": "/version", "login": "/login", "serial": "/info/sn", "mac": "/info/mac",
			"devices": "/d", "loads": "/l", "signals": "/s", "realtime": "/r",
		}
	})
	if read := mustCollect(t, c); len(read) != 5 {
		t.Errorf("%d devices", len(read))
	}
	want(t, ems, map[string]int{"POST /login": 1, "GET /version": 1, "GET /info/sn": 1, "GET /d": 1, "GET /l": 1, "GET /s": 2, "GET /r": 2})
}

// TestNoTimeLeft fails a reading whose time is over before the lists were read.
func TestNoTimeLeft(t *testing.T) {
	t.Parallel()
	c, _, k := startClock(t)
	mustCollect(t, c)
	k.pass(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.refresh(ctx, nil); err == nil || err.Error() != "reading devices, loads, signals: no time is left: context canceled" {
		t.Errorf("error is %v", err)
	}
}

// TestTheTimeEndsAfterTheValues shows that a reading fails whose time is over when
// it has the values and the lists are due, and that the values count.
func TestTheTimeEndsAfterTheValues(t *testing.T) {
	t.Parallel()
	c, _, k := startClock(t)
	before := names(mustCollect(t, c))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.now = func() time.Time {
		cancel() // the first to ask for the time is who has read the values
		return k.now.Add(5 * time.Minute)
	}
	read, err := c.Collect(ctx)
	if err == nil || err.Error() != "reading devices, loads, signals: no time is left: context canceled" {
		t.Errorf("error is %v", err)
	}
	if got := names(read); got != before {
		t.Errorf("devices %s, want %s", got, before)
	}
	if hopeless(ctx, nil) {
		t.Error("nothing is asked after a success")
	}
}
