package simups_test

import (
	"testing"
	"time"

	"power_exporter/cmd/powersim/simups"
)

// battery is one that lasts half an hour.
func battery() simups.Battery {
	return simups.Battery{Status: "OL", Full: 100, Charge: 100, Low: simups.DefaultLow, Runtime: simups.DefaultRuntime}
}

// Five times as fast as it says a battery empties, and an empty one is full in 40
// minutes.
func TestBattery(t *testing.T) {
	t.Parallel()
	b := battery()
	for _, tt := range []struct {
		elapsed      time.Duration
		outage       bool
		load, charge float64
		seconds      float64
		words        string
		volts        float64
		ready, empty bool
	}{
		{time.Hour, false, 1, 100, 1800, "OL", 24, true, false},
		{72 * time.Second, true, 1, 80, 1440, "OB DISCHRG", 24 * (0.84 + 0.08), true, false},
		{108 * time.Second, true, 2, 20, 180, "OB DISCHRG LB", 24 * (0.84 + 0.02), false, false},
		{64800 * time.Millisecond, true, 1, 2, 36, "OB DISCHRG LB", 24 * (0.84 + 0.002), false, true},
		{time.Hour, true, 1, 0, 0, "OB DISCHRG LB", 24 * 0.84, false, true},
		{20 * time.Minute, false, 0.5, 50, 1800, "OL CHRG", 24, true, false},
		{20 * time.Minute, false, 1, 100, 1800, "OL", 24, true, false},
	} {
		b.Step(tt.elapsed, tt.outage, tt.load)
		if b.Charge != tt.charge || b.Seconds(tt.load) != tt.seconds || b.Words() != tt.words || b.Volts(24) != tt.volts || b.Ready() != tt.ready || b.Empty() != tt.empty {
			t.Errorf("after %v, mains off %v: %v %%, %v s, %q, %v V, ready %v, empty %v", tt.elapsed, tt.outage,
				b.Charge, b.Seconds(tt.load), b.Words(), b.Volts(24), b.Ready(), b.Empty())
		}
	}
}

// Other words stay, behind those that change.
func TestWords(t *testing.T) {
	t.Parallel()
	for status, want := range map[string][2]string{
		"OL":            {"OB DISCHRG", "OL CHRG"},
		"ALARM OL RB":   {"OB DISCHRG ALARM RB", "OL CHRG ALARM RB"},
		"OL CHRG BOOST": {"OB DISCHRG", "OL CHRG"},
		"OL TRIM LB":    {"OB DISCHRG", "OL CHRG"},
	} {
		b := battery()
		b.Status = status
		if got := b.Words(); got != status {
			t.Errorf("%q with nothing to tell is %q", status, got)
		}
		b.Step(time.Minute, true, 1)
		outage := b.Words()
		b.Step(time.Second, false, 1)
		if got := [2]string{outage, b.Words()}; got != want {
			t.Errorf("%q: %q", status, got)
		}
	}
}

// A UPS that is not on mains, or does not tell its charge, is left alone.
func TestNotAlive(t *testing.T) {
	t.Parallel()
	onBattery, unknown := battery(), battery()
	onBattery.Status, unknown.Full = "OB DISCHRG", 0
	for _, b := range []simups.Battery{onBattery, unknown, {}} {
		before := b
		b.Step(time.Hour, true, 1)
		if b != before || b.Ready() || b.Empty() || b.Lives() || b.Words() != before.Status {
			t.Errorf("%+v became %+v", before, b)
		}
	}
}

func TestRestyle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		recorded string
		value    float64
		want     string
	}{
		{"042.7", 43.14, "043.1"},
		{"042.7", 143.14, "143.1"},
		{"042.7", -3, "-3.0"},
		{"042.7", 0, "000.0"},
		{"230", 229.6, "230"},
		{"0", 7, "7"},
		{"0.75", 0.5, "0.50"},
		{"00", 5, "05"},
		{"-1.5", -2.25, "-2.2"},
		{"100", 0, "0"},
	} {
		if got := simups.Restyle(tt.recorded, tt.value); got != tt.want {
			t.Errorf("%v like %s is %s, not %s", tt.value, tt.recorded, got, tt.want)
		}
	}
}
