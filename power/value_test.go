package power_test

import (
	"math"
	"testing"
	"testing/quick"
	"time"

	"power_exporter/power"
)

func TestZeroValueIsAbsent(t *testing.T) {
	var v power.Value
	if v.Present() {
		t.Error("the zero Value is present")
	}
	if _, ok := v.Get(); ok {
		t.Error("the zero Value has a reading")
	}
	if got := v.String(); got != "absent" {
		t.Errorf("the zero Value is called %q", got)
	}
}

// Every finite float64 comes back bit by bit: the sign of zero included, and
// zero itself is a reading like any other.
func TestValueRoundTrip(t *testing.T) {
	roundTrip := func(f float64) bool {
		got, ok := power.Raw(power.Of(f)).Get()
		return ok && math.Float64bits(got) == math.Float64bits(f)
	}
	for _, f := range []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64,
	} {
		if !roundTrip(f) {
			t.Errorf("%v does not come back as it was", f)
		}
	}
	finite := func(bits uint64) bool {
		f := math.Float64frombits(bits)
		return math.IsNaN(f) || math.IsInf(f, 0) || roundTrip(f)
	}
	if err := quick.Check(finite, nil); err != nil {
		t.Error(err)
	}
}

func TestNoNumberIsAbsent(t *testing.T) {
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Float64frombits(^uint64(0)), math.Float64frombits(0x7ff0000000000001)} {
		if v := power.Raw(power.Of(f)); v != (power.Value{}) {
			t.Errorf("%v (bits %x) made the Value %v", f, math.Float64bits(f), v)
		}
	}
}

func TestOf(t *testing.T) {
	for name, n := range map[string]power.Number{
		"int": power.Of(42), "int32": power.Of(int32(42)), "int64": power.Of(int64(42)), "uint8": power.Of(uint8(42)),
		"uint32": power.Of(uint32(42)), "uint64": power.Of(uint64(42)), "float64": power.Of(42.0), "duration": power.Of(time.Duration(42)),
	} {
		expect(t, name, power.Raw(n), 42)
	}
}

func TestOr(t *testing.T) {
	zero, one := power.Boolean(false), power.Boolean(true)
	expect(t, "0 or 1", zero.Or(one), 0)
	expect(t, "absent or 1", power.Value{}.Or(one), 1)
	expect(t, "absent or absent or 0", power.Value{}.Or(power.Value{}).Or(zero), 0)
	expect(t, "absent or absent", power.Value{}.Or(power.Value{}), absent)
}

func TestValueString(t *testing.T) {
	for want, v := range map[string]power.Value{
		"48.1":    power.Centivolts(power.Of(4810)),
		"0":       power.Boolean(false),
		"-0":      power.Raw(power.Of(math.Copysign(0, -1))),
		"5.4e+06": power.KilowattHours(power.Of(1.5)),
		"absent":  {},
	} {
		if got := v.String(); got != want {
			t.Errorf("the string is %q, want %q", got, want)
		}
	}
}

func TestBoolean(t *testing.T) {
	expect(t, "true", power.Boolean(true), 1)
	expect(t, "false", power.Boolean(false), 0)
}

func TestTimestamp(t *testing.T) {
	expect(t, "the zero time", power.Timestamp(time.Time{}), absent)
	expect(t, "the epoch", power.Timestamp(time.Unix(0, 0)), 0)
	expect(t, "half a second", power.Timestamp(time.Unix(1525116551, 500_000_000)), 1525116551.5)
	expect(t, "before the epoch", power.Timestamp(time.Unix(-10, 0)), -10)
	expect(t, "the year 9999", power.Timestamp(time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)), 253402300799)
}

func TestElapsed(t *testing.T) {
	expect(t, "90 minutes", power.Elapsed(90*time.Minute), 5400)
	expect(t, "no time", power.Elapsed(0), 0)
	expect(t, "a millisecond", power.Elapsed(time.Millisecond), 0.001)
}
