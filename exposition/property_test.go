package exposition

import (
	"math"
	"reflect"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"power_exporter/power"
)

// Whatever a vendor's package makes of what a device says, once it has been
// validated a scrape of it works and no reading of an outlet is lost.
func TestAnyDeviceCanBeScraped(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		devices := make([]power.Device, rapid.IntRange(0, 3).Draw(r, "devices"))
		outlets := 0
		for i := range devices {
			draw(r, reflect.ValueOf(&devices[i]).Elem())
			devices[i].Outlets = append(devices[i].Outlets, crowd(r)...)
			for j := range devices[i].Outlets {
				devices[i].Outlets[j].On = power.Boolean(true)
			}
			outlets += len(devices[i].Outlets)
		}
		power.Validate(devices)
		if got := outletsOn(t, devices); got != outlets {
			r.Fatalf("%d outlets have %d series", outlets, got)
		}
	})
}

func TestTenThousandOutletsWithOneID(t *testing.T) {
	d := power.Device{ID: "pdu", Outlets: make([]power.Outlet, 10_000)}
	for i := range d.Outlets {
		d.Outlets[i] = power.Outlet{ID: "3", On: power.Boolean(true)}
	}
	devices := []power.Device{d}
	power.Validate(devices)
	if got := outletsOn(t, devices); got != 10_000 {
		t.Errorf("10000 outlets have %d series", got)
	}
}

// outletsOn is the number of series that say whether an outlet is on.
func outletsOn(t *testing.T, devices []power.Device) int {
	t.Helper()
	for _, f := range gatherDevices(t, devices...) {
		if f.GetName() == "power_outlet_on" {
			return len(f.GetMetric())
		}
	}
	return 0
}

var (
	// someIDs collide with each other, and some only once Validate has mended them.
	someIDs = []string{"", "1", "2", "3", "3#2", "3#3", "#2", "L1", "\xff", "\xfe", "a\xff", "a\uFFFD", "\uFFFD", "\n", `"`, `\`, "\x00"}
	anyText = rapid.OneOf(
		rapid.SampledFrom(someIDs),
		rapid.String(),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }),
	)
	anyNumber = rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), math.MaxFloat64}))
	anyState  = rapid.Map(anyText, func(text string) power.State { return power.State(text) })
)

// draw fills v with anything at all.
func draw(r *rapid.T, v reflect.Value) {
	switch {
	case v.Type() == valueType:
		v.Set(reflect.ValueOf(power.Percent(power.Of(anyNumber.Draw(r, "reading")))))
	case v.Type() == statesType:
		if rapid.Bool().Draw(r, "states") {
			v.Set(reflect.ValueOf(power.StatesOf(rapid.SliceOfN(anyState, 0, 4).Draw(r, "active")...)))
		}
	case v.Kind() == reflect.String:
		v.SetString(anyText.Draw(r, "text"))
	case v.Kind() == reflect.Bool:
		v.SetBool(rapid.Bool().Draw(r, "bool"))
	case v.Kind() == reflect.Struct:
		for _, field := range v.Fields() {
			draw(r, field)
		}
	case v.Kind() == reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(r, "length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			draw(r, v.Index(i))
		}
	case v.Kind() == reflect.Pointer:
		if rapid.Bool().Draw(r, "pointer") {
			v.Set(reflect.New(v.Type().Elem()))
			draw(r, v.Elem())
		}
	default:
		r.Fatalf("teach this test to draw a %s", v.Type())
	}
}

// crowd is up to thousands of outlets that share a few ids. They are computed
// from few draws, since each draw is slow.
func crowd(r *rapid.T) []power.Outlet {
	ids := rapid.SliceOfN(anyText, 1, 5).Draw(r, "shared ids")
	n := rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, 3000)).Draw(r, "outlets")
	every := rapid.IntRange(1, 7).Draw(r, "every")
	outlets := make([]power.Outlet, n)
	for i := range outlets {
		outlets[i].ID = ids[i%len(ids)]
		if i%every == 0 {
			outlets[i].ID += "#" + strconv.Itoa(i%11)
		}
	}
	return outlets
}
