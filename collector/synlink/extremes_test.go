package synlink

import (
	"math/rand/v2"
	"testing"
	"time"

	"power_exporter/power"
)

func amperes(f float64) power.Value { return power.Amperes(power.Of(f)) }

// TestSlidingIsTheTruth compares the highest and the lowest with those that a
// look at all readings finds, for readings at odd times and with gaps.
func TestSlidingIsTheTruth(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		window := time.Duration(1+random.IntN(20)) * time.Second
		var s sliding
		var all []sample
		now := time.Unix(0, 0)
		for range 200 {
			now = now.Add(time.Duration(random.IntN(4000)) * time.Millisecond)
			if random.IntN(5) > 0 {
				v := amperes(float64(random.IntN(10)))
				s.note(v, now, window)
				all = append(all, sample{v, now})
			} else {
				s.note(power.Value{}, now, window)
			}
			at := now.Add(time.Duration(random.IntN(3000)) * time.Millisecond)
			var lowest, highest power.Value
			for _, reading := range all {
				if at.Sub(reading.at) > window {
					continue
				}
				if !lowest.Present() || reading.number() < (sample{value: lowest}).number() {
					lowest = reading.value
				}
				if !highest.Present() || reading.number() > (sample{value: highest}).number() {
					highest = reading.value
				}
			}
			if low, high := s.span(at, window); low != lowest || high != highest {
				t.Fatalf("got %s to %s, want %s to %s", low, high, lowest, highest)
			}
		}
		if len(s.highs) > 200 || len(s.lows) > 200 {
			t.Errorf("%d and %d readings are kept", len(s.highs), len(s.lows))
		}
	}
}

// TestExtremesOfAWindow keeps what points there are apart, and forgets those
// that are gone.
func TestExtremesOfAWindow(t *testing.T) {
	t.Parallel()
	const window = 10 * time.Second
	x := newExtremes(window)
	now := time.Unix(0, 0)
	device := func(current float64) *power.Device {
		point := power.Electrical{Current: amperes(current), ActivePower: power.Watts(power.Of(100 * current))}
		more := power.Electrical{Current: amperes(10 * current)}
		return &power.Device{
			Inlets:   []power.Inlet{{ID: "1", Electrical: point, Lines: []power.Line{{ID: "L1", Electrical: more}, {ID: "L2", Electrical: point}}}},
			Circuits: []power.Circuit{{ID: "1", Electrical: more}},
			// A PDU may give two outlets one id.
			Outlets: []power.Outlet{{ID: "1", Electrical: point}, {ID: "1", Electrical: more}},
		}
	}
	x.note(device(3), now)
	x.note(device(1), now.Add(time.Second))
	x.note(device(2), now.Add(2*time.Second))
	d := device(2)
	d.Outlets = append(d.Outlets, power.Outlet{ID: "new", Electrical: power.Electrical{Current: amperes(1)}})
	x.fill(d, now.Add(2*time.Second))
	point := power.Extremes{CurrentTrough: amperes(1), CurrentPeak: amperes(3), ActivePowerTrough: amperes(100), ActivePowerPeak: amperes(300)}
	more := power.Extremes{CurrentTrough: amperes(10), CurrentPeak: amperes(30)}
	for name, tt := range map[string]struct {
		got  *power.Extremes
		want power.Extremes
	}{
		"inlet":         {d.Inlets[0].Extremes, point},
		"first line":    {d.Inlets[0].Lines[0].Extremes, more},
		"second line":   {d.Inlets[0].Lines[1].Extremes, point},
		"circuit":       {d.Circuits[0].Extremes, more},
		"first outlet":  {d.Outlets[0].Extremes, point},
		"second outlet": {d.Outlets[1].Extremes, more},
	} {
		if tt.got == nil || *tt.got != tt.want {
			t.Errorf("%s: got %+v, want %+v", name, tt.got, tt.want)
		}
	}
	if d.Outlets[2].Extremes != nil {
		t.Errorf("extremes %+v of an outlet that was in no frame", d.Outlets[2].Extremes)
	}

	// The outlets are gone, and their places with them.
	later := now.Add(13 * time.Second)
	d = device(5)
	d.Outlets = nil
	x.note(d, later)
	if len(x.points) != 4 {
		t.Errorf("%d points are kept, want the inlet, its lines and the circuit", len(x.points))
	}
	x.fill(d, later)
	if want := (power.Extremes{CurrentTrough: amperes(5), CurrentPeak: amperes(5), ActivePowerTrough: amperes(500), ActivePowerPeak: amperes(500)}); *d.Inlets[0].Extremes != want {
		t.Errorf("got %+v, want %+v", *d.Inlets[0].Extremes, want)
	}
}

// TestASteadyStreamTakesNoRoom shows that an hour of frames leaves no more than
// can still become an extreme.
func TestASteadyStreamTakesNoRoom(t *testing.T) {
	t.Parallel()
	var s sliding
	random := rand.New(rand.NewPCG(3, 4))
	now, most := time.Unix(0, 0), 0
	for range 100_000 {
		now = now.Add(framePeriod)
		s.note(amperes(1+random.Float64()), now, time.Hour)
		most = max(most, len(s.highs), len(s.lows))
	}
	if most > 40 {
		t.Errorf("%d readings were kept at a time", most)
	}
}
