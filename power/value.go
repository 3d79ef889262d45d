package power

import (
	"math"
	"strconv"
	"time"
)

// Value is one reading in its base unit, or the fact that there is none. The
// zero Value is absent, so a field nobody fills in is a metric nobody sees.
// Only the unit constructors ([Volts], [Percent] and so on) make Values, which
// is why a reading cannot reach a metric without somebody having said its unit.
type Value struct {
	// A NaN is never a reading, so the NaN whose bits are all ones can stand
	// for "absent"; storing the complement makes that the zero value. One word
	// instead of two halves the memory of a large fleet.
	complement uint64
}

// value makes a Value of a number that is already in base units. NaN and the
// infinities are what devices and divisions give instead of "I do not know",
// and become absent.
func value(v float64) Value {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Value{}
	}
	return Value{complement: ^math.Float64bits(v)}
}

// Get returns the reading in its base unit, and whether there is one.
func (v Value) Get() (float64, bool) {
	return math.Float64frombits(^v.complement), v.Present()
}

// Present says whether there is a reading.
func (v Value) Present() bool { return v.complement != 0 }

// Or returns v if it is present and otherwise the fallback: for a quantity that
// a device may report under either of two names.
func (v Value) Or(fallback Value) Value {
	if v.Present() {
		return v
	}
	return fallback
}

// String returns the reading in the shortest form that keeps it exact, or
// "absent".
func (v Value) String() string {
	f, ok := v.Get()
	if !ok {
		return "absent"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// Boolean is 1 for true and 0 for false. A device that does not say has no
// Boolean but the zero Value.
func Boolean(b bool) Value {
	if b {
		return value(1)
	}
	return value(0)
}

// Timestamp is a moment in seconds since the Unix epoch; the zero time is
// absent.
func Timestamp(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	// Nanoseconds overflow in 2262, and devices do send the year 9999.
	return value(float64(t.UnixMicro()) / 1e6)
}

// Elapsed is a duration in seconds.
func Elapsed(d time.Duration) Value { return value(d.Seconds()) }
