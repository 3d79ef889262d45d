package power_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"testing"

	"power_exporter/power"
)

// conversion is a unit constructor, a number in its unit and the same in base
// units. The comparison is exact: 4810 centivolts are 48.1 V, not 48.100000000000001.
type conversion struct {
	constructor string
	convert     func(power.Number) power.Value
	given, want float64
}

var conversions = []conversion{
	{"Volts", power.Volts, 230.4, 230.4},
	{"Centivolts", power.Centivolts, 4810, 48.1},
	{"Centivolts", power.Centivolts, 1305, 13.05},
	{"Millivolts", power.Millivolts, 48123, 48.123},
	{"Amperes", power.Amperes, 0.0074, 0.0074},
	{"Centiamperes", power.Centiamperes, 150, 1.5},
	{"Milliamperes", power.Milliamperes, 150, 0.15},
	{"Watts", power.Watts, -12.5, -12.5},
	{"Kilowatts", power.Kilowatts, 1.5, 1500},
	{"VoltAmperes", power.VoltAmperes, 0.86, 0.86},
	{"VoltAmperesReactive", power.VoltAmperesReactive, 1.7, 1.7},
	{"Hertz", power.Hertz, 60.1879, 60.1879},
	{"Ratio", power.Ratio, -0.465, -0.465},
	{"Percent", power.Percent, 42, 0.42},
	{"Percent", power.Percent, 38.5, 0.385},
	{"Percent", power.Percent, 100, 1},
	{"Joules", power.Joules, 3600, 3600},
	{"WattHours", power.WattHours, 1, 3600},
	{"KilowattHours", power.KilowattHours, 1.5, 5.4e6},
	{"KilowattHours", power.KilowattHours, 18.87, 67932000},
	{"Celsius", power.Celsius, 18.2, 18.2},
	{"Fahrenheit", power.Fahrenheit, 212, 100},
	{"Fahrenheit", power.Fahrenheit, 32, 0},
	{"Fahrenheit", power.Fahrenheit, -40, -40},
	{"Fahrenheit", power.Fahrenheit, 77, 25},
	{"Fahrenheit", power.Fahrenheit, 24.8, -4},
	{"Seconds", power.Seconds, 1080, 1080},
	{"Minutes", power.Minutes, 120, 7200},
	{"Bytes", power.Bytes, 327680, 327680},
	{"Count", power.Count, 6, 6},
	{"Raw", power.Raw, 29, 29},
}

func TestUnits(t *testing.T) {
	for _, c := range conversions {
		got, ok := c.convert(power.Of(c.given)).Get()
		if !ok || got != c.want {
			t.Errorf("%s(%v) = %v, %v; want %v", c.constructor, c.given, got, ok, c.want)
		}
	}
}

func TestUnitsOfNoNumber(t *testing.T) {
	for _, c := range conversions {
		for name, n := range map[string]power.Number{
			"nothing": {}, "NaN": power.Of(math.NaN()), "+Inf": power.Of(math.Inf(1)), "-Inf": power.Of(math.Inf(-1)),
		} {
			if v := c.convert(n); v != (power.Value{}) {
				t.Errorf("%s of %s = %v, want it to be absent", c.constructor, name, v)
			}
		}
	}
}

// A number that is finite in the device's unit may not be in the base unit.
func TestUnitsOverflow(t *testing.T) {
	if v := power.KilowattHours(power.Of(math.MaxFloat64)); v.Present() {
		t.Errorf("KilowattHours(MaxFloat64) = %v, want it to be absent", v)
	}
}

func TestEveryUnitIsTested(t *testing.T) {
	tested := map[string]bool{}
	for _, c := range conversions {
		tested[c.constructor] = true
	}
	file, err := parser.ParseFile(token.NewFileSet(), "units.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() && !tested[f.Name.Name] {
			t.Errorf("unit constructor %s has no row in the table of this test", f.Name.Name)
		}
	}
}
