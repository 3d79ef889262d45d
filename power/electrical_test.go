package power_test

import (
	"reflect"
	"testing"

	"power_exporter/power"
)

// Or must know every field, also those that somebody adds.
func TestElectricalOr(t *testing.T) {
	full := electrical(1)
	if got := (power.Electrical{}).Or(full); !reflect.DeepEqual(got, full) {
		t.Errorf("nothing or %+v is %+v", full, got)
	}
	other := electrical(100)
	if got := full.Or(other); !reflect.DeepEqual(got, full) {
		t.Errorf("a fallback changed %+v to %+v", full, got)
	}
}

// electrical has every field set, each to another number from the first on.
func electrical(first float64) power.Electrical {
	e := power.Electrical{
		Limits:   &power.ElectricalLimits{Load: power.Limits{HighCritical: power.Percent(power.Of(first))}},
		Extremes: &power.Extremes{CurrentPeak: power.Amperes(power.Of(first))},
	}
	for _, field := range reflect.ValueOf(&e).Elem().Fields() {
		if field.Kind() == reflect.Struct {
			first++
			field.Set(reflect.ValueOf(power.Raw(power.Of(first))))
		}
	}
	return e
}
