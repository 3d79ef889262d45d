package cloudtraxsim_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// seen is a strip's last check-in.
func seen(t *testing.T, s cloudtraxsim.Strip) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s.LastCheckin)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Ten hours, looked at every minute. Every check-in is five minutes after the
// last, what it tells fits together and is near what was recorded, and between
// two nothing changes.
func TestLive(t *testing.T) {
	t.Parallel()
	clock := newClock()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{Now: clock.Now}, cloudtraxsim.Office(), cloudtraxsim.Large(5))
	defer cloud.Close()
	first, last := map[int64]cloudtraxsim.Strip{}, map[int64]cloudtraxsim.Strip{}
	begin := map[int64]time.Time{}
	recorded := slices.Concat(cloudtraxsim.Office().Strips, cloudtraxsim.Large(5).Strips)
	for _, s := range recorded {
		first[s.ID] = s
	}
	moved := map[int64]map[float64]bool{}
	live := cloudtraxsim.NewLive(cloud, 7)
	for range 600 {
		live.Step(clock.Now())
		for id, was := range first {
			s := look(t, cloud, id)
			if was.CloudStatus != "up" {
				if diff := cmp.Diff(was, s); diff != "" {
					t.Fatal(diff)
				}
				continue
			}
			at := seen(t, s)
			if age := clock.Now().Sub(at); age < 0 || age >= cloudtraxsim.CheckinPeriod {
				t.Fatalf("strip %d checked in %v ago", id, age)
			}
			if begin[id].IsZero() {
				begin[id] = at
				moved[id] = map[float64]bool{}
			} else {
				switch since := at.Sub(seen(t, last[id])); since {
				case 0:
					if diff := cmp.Diff(last[id], s); diff != "" {
						t.Fatal(diff)
					}
				case cloudtraxsim.CheckinPeriod:
				default:
					t.Fatalf("strip %d checked in after %v", id, since)
				}
			}
			if grown := s.Uptime - was.Uptime; grown != int64(at.Sub(begin[id]).Seconds()) {
				t.Fatalf("strip %d is up for %d s more, %v after its first check-in", id, grown, at.Sub(begin[id]))
			}
			consistent(t, s)
			plausible(t, "voltage", was.Voltage, s.Voltage, 0.025)
			for i, p := range s.Ports {
				plausible(t, "power", was.Ports[i].ActivePower, p.ActivePower, 0.31)
				plausible(t, "power factor", was.Ports[i].PowerFactor, p.PowerFactor, 0.04)
			}
			if s.Frequency != 60 || s.ActivePorts != was.ActivePorts || t.Failed() {
				t.Fatalf("%+v", s)
			}
			moved[id][s.Ports[0].ActivePower] = true
			last[id] = s
		}
		clock.Move(time.Minute)
	}
	if len(begin) != 7 {
		t.Errorf("%d strips live", len(begin))
	}
	moments := map[time.Time]bool{}
	for id, values := range moved {
		moments[begin[id]] = true
		if len(values) < 20 {
			t.Errorf("strip %d had %d powers in 120 check-ins", id, len(values))
		}
	}
	if len(moments) != len(begin) {
		t.Error("strips check in together")
	}
}

// look is a strip as it is now, without asking over the network.
func look(t *testing.T, cloud *cloudtraxsim.Cloud, id int64) (s cloudtraxsim.Strip) {
	t.Helper()
	if err := cloud.Edit(id, func(own *cloudtraxsim.Strip) {
		s = *own
		s.Ports = append([]cloudtraxsim.Port(nil), own.Ports...)
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// plausible says whether a reading is as recorded but for a drift.
func plausible(t *testing.T, what string, was, is, by float64) {
	t.Helper()
	if math.Abs(is-was) > by*math.Abs(was)+0.06 {
		t.Errorf("%s was %v and is %v", what, was, is)
	}
}

// The document's strip lives too: its list and its object fit together then.
func TestLiveManual(t *testing.T) {
	t.Parallel()
	clock := newClock()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	cloudtraxsim.NewLive(cloud, 1).Step(clock.Now())
	strips := listed(t, url, 12345)
	s := strip(t, url, 1)
	if l := strips[0]; l.LastCheckin != s.LastCheckin || l.Uptime != 1028276 || l.Voltage != s.Voltage || l.ActivePorts != 3 || clock.Now().Sub(seen(t, s)) >= cloudtraxsim.CheckinPeriod {
		t.Errorf("%+v", l)
	}
	if l := strips[1]; l.CloudStatus != "down" || l.LastCheckin != "" {
		t.Errorf("%+v", l)
	}
}

func TestLiveRepeatsItself(t *testing.T) {
	t.Parallel()
	var lives []cloudtraxsim.Strip
	for range 2 {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Office())
		live := cloudtraxsim.NewLive(cloud, 42)
		for i := range int64(300) {
			live.Step(time.Unix(20*i, 0))
		}
		lives = append(lives, look(t, cloud, 102))
		if err := cloud.Close(); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(lives[0], lives[1]); diff != "" {
		t.Error(diff)
	}
}

// A strip may be taken down, changed and brought back under a Live.
func TestLiveFollows(t *testing.T) {
	t.Parallel()
	clock := newClock()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Office())
	defer cloud.Close()
	live := cloudtraxsim.NewLive(cloud, 1)
	live.Step(clock.Now())
	edit := func(status string, ports int) {
		t.Helper()
		if err := cloud.Edit(101, func(s *cloudtraxsim.Strip) { s.CloudStatus, s.Ports = status, s.Ports[:ports] }); err != nil {
			t.Fatal(err)
		}
	}
	before := look(t, cloud, 101)
	edit("down", 6)
	clock.Move(time.Hour)
	live.Step(clock.Now())
	if at := look(t, cloud, 101).LastCheckin; at != before.LastCheckin {
		t.Errorf("down, and checked in at %s", at)
	}
	edit("up", 2)
	live.Step(clock.Now())
	if after := look(t, cloud, 101); after.Uptime != before.Uptime+3600 || after.ActivePorts != 2 {
		t.Errorf("%+v", after)
	}
}

// Run goes by the cloud's clock.
func TestLiveRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{ClockOffset: time.Hour}, cloudtraxsim.Office())
		defer cloud.Close()
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour+time.Millisecond)
		defer cancel()
		cloudtraxsim.NewLive(cloud, 1).Run(ctx, time.Second)
		s := look(t, cloud, 101)
		if age := begin.Add(2 * time.Hour).Sub(seen(t, s)); age < 0 || age >= cloudtraxsim.CheckinPeriod {
			t.Errorf("checked in %v ago", age)
		}
		if s.Uptime != 1893604+3600 {
			t.Errorf("uptime %d", s.Uptime)
		}
	})
}

// A reader never sees half a check-in.
func TestLiveWhileRead(t *testing.T) {
	t.Parallel()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Office())
	live := cloudtraxsim.NewLive(cloud, 1)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for now := time.Now(); ctx.Err() == nil; now = now.Add(time.Minute) {
			live.Step(now)
		}
	}()
	for range 50 {
		consistent(t, strip(t, url, 102))
	}
	cancel()
	<-done
}
