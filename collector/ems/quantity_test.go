package ems

import (
	"math"
	"testing"

	"power_exporter/config"
	"power_exporter/power"
)

func TestScale(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		scale, value, want float64
	}{
		{0, 230.4, 230.4},
		{1, 230.4, 230.4},
		{0.1, 2304, 230.4}, // and not 230.40000000000003
		{0.01, 4810, 48.1},
		{0.001, 2304, 2.304},
		{-0.1, 2304, -230.4},
		{-1, 5, -5},
		{0.3, 10, 3},
		{1000, 3.2156, 3215.6},
		{3.6e6, 12345.678, 44444440800},
		{3600, 4087551, 14715183600},
	} {
		got := power.Raw(Signal{Scale: tt.scale}.scaled(power.Of(tt.value)))
		if got != power.Raw(power.Of(tt.want)) {
			t.Errorf("%g × %g: got %s", tt.value, tt.scale, got)
		}
	}
	for _, n := range []power.Number{{}, power.Of(math.MaxFloat64)} {
		if got := power.Raw(Signal{Scale: 1e10}.scaled(n)); got.Present() {
			t.Errorf("got %s", got)
		}
	}
}

// TestQuantitiesGoWhereTheyBelong puts a number in each.
func TestQuantitiesGoWhereTheyBelong(t *testing.T) {
	t.Parallel()
	seven := power.Raw(power.Of(7))
	for quantity, want := range map[Quantity]power.Electrical{
		Voltage:        {Voltage: seven},
		Current:        {Current: seven},
		Frequency:      {Frequency: seven},
		ActivePower:    {ActivePower: seven},
		ApparentPower:  {ApparentPower: seven},
		ReactivePower:  {ReactivePower: seven},
		PowerFactor:    {PowerFactor: seven},
		Energy:         {Energy: seven},
		ExportedEnergy: {ExportedEnergy: seven},
	} {
		var got power.Electrical
		if !quantity.set(&got, power.Of(7)) || got != want || !quantity.known() {
			t.Errorf("%s: got %+v", quantity, got)
		}
	}
	var none power.Electrical
	if Quantity("volts").set(&none, power.Of(7)) || Quantity("").known() || none != (power.Electrical{}) {
		t.Errorf("a quantity that there is not: %+v", none)
	}
}

// TestTheConfigurationAgrees compares what the configuration accepts with what
// is known here.
func TestTheConfigurationAgrees(t *testing.T) {
	t.Parallel()
	for _, name := range config.EMSQuantities {
		if !Quantity(name).known() {
			t.Errorf("the configuration knows a quantity %s", name)
		}
	}
	c, err := config.Parse("config.yml", nil)
	if err != nil {
		t.Fatal(err)
	}
	paths := c.Modules["ems"].EMS.Paths
	for _, e := range endpoints {
		if paths[string(e)] != e.path() {
			t.Errorf("the configuration has %s at %q, here it is at %q", e, paths[string(e)], e.path())
		}
	}
	if len(config.EMSQuantities) != 9 || len(paths) != len(endpoints) {
		t.Errorf("the configuration knows %d quantities and %d paths", len(config.EMSQuantities), len(paths))
	}
}
