package emssim_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simtest"
)

// values are the readings of a model by uid; a null is none.
func values(m emssim.Model) map[int]float64 {
	byUID := map[int]float64{}
	for _, v := range m.Realtime {
		if v.V != nil {
			byUID[v.UID] = *v.V
		}
	}
	return byUID
}

// A quarter of an hour on the site, in which each reading stays plausible and
// the energies are those of the powers.
func TestLive(t *testing.T) {
	t.Parallel()
	now := time.Unix(1790000000, 0)
	ems := emssim.New(emssim.Options{Now: func() time.Time { return now }}, emssim.MustRecorded("site"))
	defer ems.Close()
	quantities := map[int]emssim.Quantity{}
	for _, q := range emssim.Quantities() {
		quantities[q.SI] = q
	}
	recorded := ems.Model()
	first := values(recorded)
	live := emssim.NewLive(ems, 7)
	live.Step(now)
	if diff := cmp.Diff(recorded, ems.Model()); diff != "" {
		t.Error(diff)
	}
	const step, steps = 2 * time.Second, 450
	kWh := map[int]float64{} // by uid of the power
	for range steps {
		now = now.Add(step)
		live.Step(now)
		is := values(ems.Model())
		for _, v := range recorded.Realtime {
			if v.V == nil {
				continue
			}
			by := map[string]float64{"voltage": 0.016, "current": 0.33, "active_power": 0.31, "apparent_power": 0.31, "frequency": 0.002, "energy": 0.001, "exported_energy": 0.001}[quantities[v.SI].Name]
			if math.Abs(is[v.UID]-*v.V) > by*math.Abs(*v.V)+0.01 {
				t.Errorf("value %d of si %d was %v and is %v", v.UID, v.SI, *v.V, is[v.UID])
			}
		}
		for _, uid := range []int{102, 111, 209, 306, 400} {
			kWh[uid] += math.Abs(is[uid]) / 1000 * step.Hours()
		}
		near(t, "the lines of the heat pump", is[202]+is[205]+is[208], is[209], 0.2)
		near(t, "active over apparent power", is[209]/is[210], first[209]/first[210], 0.0002)
		near(t, "volts times amperes", is[200]*is[201]*0.93, is[202], 2.5)
		near(t, "the voltage of L1", is[100]/first[100], is[200]/first[200], 0.0005)
		near(t, "the frequency", is[105], is[212], 0)
	}
	last := values(ems.Model())
	for power, energy := range map[int]int{102: 106, 111: 112, 209: 213, 306: 308, 400: 402} {
		near(t, fmt.Sprintf("energy %d", energy), last[energy]-first[energy], kWh[power], 0.0011)
		if last[energy]-first[energy] < 0.05 {
			t.Errorf("energy %d grew by %v kWh", energy, last[energy]-first[energy])
		}
	}
	if last[307] != first[307] {
		t.Errorf("%v kWh were imported while power was fed in", last[307]-first[307])
	}
	moved := 0
	for uid, was := range first {
		if last[uid] != was {
			moved++
		}
	}
	// Constant are both power factors, both si that nobody knows, the stale one and the import.
	if moved != len(first)-6 {
		t.Errorf("%d of %d moved", moved, len(first))
	}
	for i, v := range ems.Model().Realtime {
		want := now.UnixMilli()
		if v.UID == 110 || v.UID == 221 {
			want = recorded.Realtime[i].T
		}
		if v.T != want {
			t.Errorf("value %d is of %d, want %d", v.UID, v.T, want)
		}
	}
}

// near says where two readings do not fit together.
func near(t *testing.T, what string, a, b, by float64) {
	t.Helper()
	if math.Abs(a-b) > by+1e-9 {
		t.Errorf("%s: %v and %v", what, a, b)
	}
}

func TestLiveRepeatsItself(t *testing.T) {
	t.Parallel()
	var lives []emssim.Model
	for range 2 {
		ems := emssim.New(emssim.Options{Now: func() time.Time { return time.Unix(0, 0) }}, emssim.Large(100))
		live := emssim.NewLive(ems, 42)
		for i := range 300 {
			live.Step(time.Unix(int64(i), 0))
		}
		lives = append(lives, ems.Model())
		if err := ems.Close(); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(lives[0], lives[1]); diff != "" {
		t.Error(diff)
	}
}

// A step that comes late changes nothing, and those after it go on.
func TestLiveLateStep(t *testing.T) {
	t.Parallel()
	begin := func() time.Time { return time.Unix(1790000000, 0) }
	ems := emssim.New(emssim.Options{Now: begin}, emssim.MustRecorded("site"))
	defer ems.Close()
	simtest.LateStep(t, emssim.NewLive(ems, 1).Step, func() string { return fmt.Sprint(values(ems.Model()), ems.Model().Realtime[0].T) })
}

// The model may be edited under a Live: a value that has become null, or old,
// stays so, and what is new is taken up.
func TestLiveFollows(t *testing.T) {
	t.Parallel()
	now := time.Unix(1790000000, 0)
	ems := emssim.New(emssim.Options{Now: func() time.Time { return now }}, emssim.MustRecorded("site"))
	defer ems.Close()
	live := emssim.NewLive(ems, 1)
	live.Step(now)
	silent := now.Add(-2 * time.Hour).UnixMilli()
	ems.Edit(func(m *emssim.Model) {
		m.Realtime[0].V = nil
		m.Realtime[1].T = silent
		m.Realtime = append(m.Realtime, emssim.Value{UID: 999, SI: 29, V: new(110.0), T: now.UnixMilli()})
		m.Signals = nil
	})
	now = now.Add(3 * time.Hour)
	live.Step(now)
	got := ems.Model()
	if v := got.Realtime[0]; v.V != nil || v.T != now.UnixMilli() {
		t.Errorf("null: %+v", v)
	}
	if v := got.Realtime[1]; *v.V != 2.5 || v.T != silent {
		t.Errorf("silent: %+v", v)
	}
	if v := got.Realtime[len(got.Realtime)-1]; v.UID != 999 || *v.V == 110 || v.T != now.UnixMilli() {
		t.Errorf("new: %+v", v)
	}
	ems.Edit(func(m *emssim.Model) { m.Realtime = nil })
	live.Step(now.Add(time.Second))
}

// Meters that are read and do not change have values of now.
func TestRefresh(t *testing.T) {
	t.Parallel()
	now := time.Unix(1790000000, 0)
	ems := emssim.New(emssim.Options{Now: func() time.Time { return now }}, emssim.MustRecorded("site"))
	defer ems.Close()
	want := ems.Model()
	later := now.Add(24 * time.Hour)
	ems.Refresh(later)
	for i, v := range want.Realtime {
		if v.UID != 110 && v.UID != 221 {
			want.Realtime[i].T = later.UnixMilli()
		}
	}
	if diff := cmp.Diff(want, ems.Model()); diff != "" {
		t.Error(diff)
	}
}

func TestLiveRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ems := emssim.New(emssim.Options{}, emssim.MustRecorded("site"))
		defer ems.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		before := ems.Model().Realtime[0].T
		emssim.NewLive(ems, 1).Run(ctx, time.Second)
		if after := ems.Model().Realtime[0].T; after != before+119_000 && after != before+120_000 {
			t.Errorf("%d ms later", after-before)
		}
	})
}

// A reader never sees half a step.
func TestLiveWhileRead(t *testing.T) {
	t.Parallel()
	ems, get := session(t, emssim.Options{}, emssim.MustRecorded("site"))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		emssim.NewLive(ems, 1).Run(ctx, 100*time.Microsecond)
	}()
	type reply struct{ Realtime map[string]emssim.Value }
	for range 50 {
		a := get("/v1/realtime?uids=202,205,208,209")
		if a.Status != http.StatusOK {
			t.Fatal(a.Status)
		}
		r := simtest.Decoded[reply](t, a.Body).Realtime
		near(t, "the lines of the heat pump", *r["202"].V+*r["205"].V+*r["208"].V, *r["209"].V, 0.2)
		if r["202"].T != r["209"].T {
			t.Error("two times in one reading")
		}
	}
	cancel()
	<-done
}
