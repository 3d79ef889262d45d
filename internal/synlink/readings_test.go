package synlink_test

import (
	"reflect"
	"slices"
	"testing"

	"power_exporter/internal/lenient"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

func TestID(t *testing.T) {
	t.Parallel()
	info := func(serial, model lenient.Text) *synlink.Info {
		return &synlink.Info{EnclosureSerialNumber: serial, ModelNumber: model, Uptime: power.Of(5)}
	}
	inlet := func(id lenient.Text) []synlink.Inlet { return []synlink.Inlet{{}, {ID: id}} }
	for _, tt := range []struct {
		name              string
		readings          synlink.Readings
		id, serial, model string
	}{
		{"itself", synlink.Readings{Host: "h", Info: info("7", "new"), Known: info("8", "old"), Inlets: inlet("I1-9")}, "7", "7", "new"},
		{"earlier", synlink.Readings{Host: "h", Known: info("8", "old"), Inlets: inlet("I1-9")}, "8", "8", "old"},
		{"only an uptime now", synlink.Readings{Host: "h", Info: &synlink.Info{Uptime: power.Of(6)}, Known: info("8", "old")}, "8", "8", "old"},
		{"an inlet", synlink.Readings{Host: "h", Inlets: inlet("I2-9")}, "9", "", ""},
		{"a tenth inlet", synlink.Readings{Host: "h", Inlets: inlet("I10-9")}, "9", "", ""},
		{"an older firmware", synlink.Readings{Host: "h", Inlets: inlet("17374353")}, "h", "", ""},
		{"no inlet", synlink.Readings{Host: "h", Inlets: inlet("L1-9")}, "h", "", ""},
		{"no number", synlink.Readings{Host: "h", Inlets: inlet("I-9")}, "h", "", ""},
		{"nothing", synlink.Readings{Host: "h"}, "h", "", ""},
	} {
		d := tt.readings.Device()
		if d.ID != tt.id || d.Serial != tt.serial || d.Model != tt.model {
			t.Errorf("%s: got id %q, serial %q and model %q; want %q, %q and %q", tt.name, d.ID, d.Serial, d.Model, tt.id, tt.serial, tt.model)
		}
	}
}

// What was known earlier says all of who the unit is.
func TestKnown(t *testing.T) {
	t.Parallel()
	known := &synlink.Info{
		EnclosureSerialNumber: "7", ModelNumber: "model", ControllerFirmwareVersion: "1.0.3", ControllerHardwareVersion: "1.0.0",
		InletConfig: "ats", InletPlug: "plug", Phase: "Three Phase Wye",
	}
	inlets := []synlink.Inlet{{ID: "i"}}
	now := synlink.Readings{Info: known, Inlets: inlets}
	later := synlink.Readings{Info: &synlink.Info{}, Known: known, Inlets: inlets}
	if got, want := later.Device(), now.Device(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// What was known earlier says nothing of how the unit is.
func TestKnownIsNoReading(t *testing.T) {
	t.Parallel()
	r := synlink.Readings{Known: &synlink.Info{EnclosureSerialNumber: "8", InletConfig: "ATS", Uptime: power.Of(5)}}
	d := r.Device()
	if d.Up || d.Uptimes != nil {
		t.Errorf("a unit of which nothing was read is %+v", d)
	}
	if d.Kind != power.KindATS {
		t.Errorf("its kind is %q", d.Kind)
	}
}

func TestUp(t *testing.T) {
	t.Parallel()
	for _, r := range []synlink.Readings{
		{Info: &synlink.Info{}},
		{Inlets: []synlink.Inlet{}},
		{Banks: []synlink.Bank{}},
		{Outlets: []synlink.Outlet{}},
		{Groups: []synlink.Group{}},
		{Sensors: []synlink.Sensor{}},
		{Events: []synlink.Event{}},
		{Conf: &synlink.Conf{}},
		{Diagnostics: &synlink.Diagnostics{}},
	} {
		if !r.Device().Up {
			t.Errorf("%+v is not up, and something was read", r)
		}
	}
}

func TestPhases(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		inletPhase, devicePhase, configuration lenient.Text
		phase, wiring                          string
	}{
		{"Single Phase", "", "L-N", "single", "L-N"},
		{"", "Single Phase", "", "single", ""},
		{"Three Phase", "Three Phase Wye", "", "three", "wye"},
		{"", "three phase DELTA", "", "three", "delta"},
		{"3", "", "", "three", ""},
		{"1", "Three Phase Wye", "", "single", ""},
		{"Three Phase", "Three Phase Wye", "L-L", "three", "L-L"},
		{"Two Phase", "", "", "Two Phase", ""},
		{"", "", "", "", ""},
		{"", "Three Phase", "", "three", ""},
	} {
		r := synlink.Readings{
			Info:   &synlink.Info{Phase: tt.devicePhase},
			Inlets: []synlink.Inlet{{InletPhase: tt.inletPhase, InletLineConfiguration: tt.configuration}},
		}
		if in := r.Device().Inlets[0]; in.Phase != tt.phase || in.LineConfiguration != tt.wiring {
			t.Errorf("%+v: got %q and %q", tt, in.Phase, in.LineConfiguration)
		}
	}
}

func TestBalance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text lenient.Text
		want string
	}{
		{"80%", "0.8"},
		{" 80 % ", "0.8"},
		{"80", "0.8"},
		{"73.5%", "0.735"},
		{"100%", "1"},
		{"0%", "0"},
		{"", "absent"},
		{"%", "absent"},
		{"n/a", "absent"},
	} {
		r := synlink.Readings{Inlets: []synlink.Inlet{{ThreePhaseBalance: tt.text}}}
		if got := r.Device().Inlets[0].Balance.String(); got != tt.want {
			t.Errorf("%q is %s, want %s", tt.text, got, tt.want)
		}
	}
}

// Two inlets repeat one energy, however one knows that there are two.
func TestEnergyOfTwoInlets(t *testing.T) {
	t.Parallel()
	one := synlink.Inlet{InletEnergyAccumulation: power.Of(1)}
	typed := func(kind lenient.Text) synlink.Inlet {
		return synlink.Inlet{InletType: kind, InletEnergyAccumulation: power.Of(1)}
	}
	for _, tt := range []struct {
		name     string
		config   lenient.Text
		inlets   []synlink.Inlet
		ofDevice bool
	}{
		{"one", "standard", []synlink.Inlet{typed("single")}, false},
		{"nothing said", "", []synlink.Inlet{one}, false},
		{"two", "", []synlink.Inlet{one, one}, true},
		{"the first of two does not say", "", []synlink.Inlet{{}, one}, true},
		{"the second of two does not say", "", []synlink.Inlet{one, {}}, true},
		{"the unit says so", "dualcircuit", []synlink.Inlet{one}, true},
		{"the unit is a transfer switch", "ATS", []synlink.Inlet{one}, true},
		{"the inlet says so", "", []synlink.Inlet{typed("dual")}, true},
		{"the inlet is of a transfer switch", "", []synlink.Inlet{typed("ats")}, true},
	} {
		r := synlink.Readings{Info: &synlink.Info{InletConfig: tt.config}, Inlets: tt.inlets}
		d := r.Device()
		joules := power.Joules(power.Of(3600000))
		if tt.ofDevice {
			for _, in := range d.Inlets {
				if in.Energy.Present() {
					t.Errorf("%s: an inlet has the energy of both", tt.name)
				}
			}
			if d.Energy != joules {
				t.Errorf("%s: the device has %v", tt.name, d.Energy)
			}
			continue
		}
		if d.Energy.Present() || d.Inlets[0].Energy != joules {
			t.Errorf("%s: the device has %v and its inlet %v", tt.name, d.Energy, d.Inlets[0].Energy)
		}
	}
}

// A part that a frame has replaces what was read, one that it lacks stays.
func TestApplyParts(t *testing.T) {
	t.Parallel()
	read := func() synlink.Readings {
		return synlink.Readings{
			Info:    &synlink.Info{EnclosureSerialNumber: "7", Uptime: power.Of(1)},
			Inlets:  []synlink.Inlet{{ID: "i", InletName: "inlet", InletVoltageRms: power.Of(1)}},
			Banks:   []synlink.Bank{{ID: "b", BankName: "bank", VoltageRms: power.Of(1)}},
			Outlets: []synlink.Outlet{{ID: "o", OutletName: "outlet", BankID: "b", CircuitVoltage: power.Of(1), RebootStatus: "none"}},
			Sensors: []synlink.Sensor{{SensorID: "s", SensorPort: "A", SensorTempInC: power.Of(1)}},
		}
	}
	untouched := read()

	none := untouched
	none.Apply(synlink.Frame{})
	if !reflect.DeepEqual(none, untouched) {
		t.Errorf("a frame of nothing made %+v", none)
	}
	gone := untouched
	gone.Apply(synlink.Frame{Inlets: []synlink.Inlet{}, Banks: []synlink.Bank{}, Outlets: []synlink.Outlet{}, Sensors: []synlink.Sensor{}})
	if len(gone.Inlets)+len(gone.Banks)+len(gone.Outlets)+len(gone.Sensors) != 0 || gone.Inlets == nil {
		t.Errorf("a frame that has none of anything left %+v", gone)
	}
	some := untouched
	some.Apply(synlink.Frame{Uptime: power.Of(2), Outlets: []synlink.Outlet{{ID: "o", CurrentRms: power.Of(3)}}})
	d := some.Device()
	if up, _ := d.Uptimes[0].Uptime.Get(); up != 2 || d.ID != "7" {
		t.Errorf("the unit %s is up for %v s", d.ID, up)
	}
	if d.Inlets[0].Voltage != power.Volts(power.Of(1)) || d.Circuits[0].Voltage != power.Volts(power.Of(1)) {
		t.Error("a part that the frame lacks did not stay")
	}
	want := power.Outlet{ID: "o", Name: "outlet", Circuit: "b", Electrical: power.Electrical{Current: power.Amperes(power.Of(3))}}
	if got := d.Outlets[0]; got != want {
		t.Errorf("the outlet is %+v, want %+v: old readings must not stay", got, want)
	}
	both := untouched
	frame := synlink.Frame{Outlets: []synlink.Outlet{{ID: "o"}}, Banks: []synlink.Bank{{ID: "b", VoltageRms: power.Of(4)}}}
	both.Apply(frame)
	if frame.Outlets[0].OutletName != "" || frame.Outlets[0].CircuitVoltage.Present() || frame.Banks[0].BankName != "" {
		t.Errorf("to apply a frame changed it: %+v", frame)
	}
	if got := both.Device().Outlets[0].Voltage; got != power.Volts(power.Of(4)) {
		t.Errorf("the voltage of the outlet is %v, want that of its bank in the frame", got)
	}
	if want := read(); !reflect.DeepEqual(untouched, want) {
		t.Errorf("frames changed what copies share:\n%+v\nwant\n%+v", untouched, want)
	}
}

// What a thing is stays as it was read, every text of it, and of how it is
// nothing.
func TestApplyKeepsWhatThingsAre(t *testing.T) {
	t.Parallel()
	r := synlink.Readings{
		Inlets:  []synlink.Inlet{filled[synlink.Inlet](t)},
		Banks:   []synlink.Bank{filled[synlink.Bank](t)},
		Outlets: []synlink.Outlet{filled[synlink.Outlet](t)},
		Sensors: []synlink.Sensor{filled[synlink.Sensor](t)},
	}
	r.Apply(synlink.Frame{
		Inlets:  []synlink.Inlet{{ID: "ID"}},
		Banks:   []synlink.Bank{{ID: "ID"}},
		Outlets: []synlink.Outlet{{ID: "ID"}},
		Sensors: []synlink.Sensor{{
			SensorPort: "SensorPort", SensorType: "SensorType",
			OutputRelays:  lenient.List[synlink.OutputRelay]{{Index: "Index"}},
			DigitalInputs: lenient.List[synlink.DigitalInput]{{Index: "Index"}},
		}},
	})
	readings := []string{"ThreePhaseBalance", "OutletIndex", "RebootStatus", "RelayHealth", "State"}
	keeps(t, r.Inlets[0], readings)
	keeps(t, r.Banks[0], readings)
	if !r.Banks[0].HasCircuitBreakerProtection.True() {
		t.Error("a bank lost its breaker")
	}
	keeps(t, r.Outlets[0], readings)
	keeps(t, r.Sensors[0], readings)
	keeps(t, r.Sensors[0].OutputRelays[0], readings)
	keeps(t, r.Sensors[0].DigitalInputs[0], readings)
}

// filled is an object with everything in it: each text is the name of its
// member, each number 1 and each flag on.
func filled[T any](t *testing.T) T {
	t.Helper()
	var object T
	for field, value := range reflect.ValueOf(&object).Elem().Fields() {
		switch v := value.Addr().Interface().(type) {
		case *lenient.Text:
			*v = lenient.Text(field.Name)
		case *lenient.Flag:
			*v = lenient.FlagOf("on")
		case *power.Number:
			*v = power.Of(1)
		case *lenient.List[synlink.InletLine]:
			*v = lenient.List[synlink.InletLine]{{Line: "L1"}}
		case *lenient.List[synlink.OutputRelay]:
			*v = lenient.List[synlink.OutputRelay]{filled[synlink.OutputRelay](t)}
		case *lenient.List[synlink.DigitalInput]:
			*v = lenient.List[synlink.DigitalInput]{filled[synlink.DigitalInput](t)}
		default:
			t.Fatalf("%s is a %s: teach this test to fill it", field.Name, field.Type)
		}
	}
	return object
}

// keeps checks that an object that was filled, and then brought up to date by a
// frame of nothing, still has all its texts but the readings, and nothing else.
func keeps(t *testing.T, object any, readings []string) {
	t.Helper()
	for field, value := range reflect.ValueOf(object).Fields() {
		text, isText := reflect.TypeAssert[lenient.Text](value)
		isReading := slices.Contains(readings, field.Name)
		switch {
		case isText && !isReading:
			if string(text) != field.Name {
				t.Errorf("%T lost its %s", object, field.Name)
			}
		case value.Kind() == reflect.Slice && field.Name != "InletLines": // looked at by itself
		case field.Name == "HasCircuitBreakerProtection":
		case !value.IsZero():
			t.Errorf("%T still has the %s of an earlier answer: %v", object, field.Name, value)
		}
	}
}

// Mapping must not write into lists that copies share, not even behind their
// end.
func TestDeviceChangesNothing(t *testing.T) {
	t.Parallel()
	shared := append(make([]synlink.Outlet, 0, 2), synlink.Outlet{ID: "1"})
	r := synlink.Readings{Outlets: shared, Groups: []synlink.Group{{Outlets: lenient.List[synlink.Outlet]{{ID: "2"}}}}}
	if d := r.Device(); len(d.Outlets) != 2 {
		t.Errorf("got %+v", d.Outlets)
	}
	if behind := shared[:2][1]; behind != (synlink.Outlet{}) {
		t.Errorf("%+v was written behind the end of a list", behind)
	}
}

// A frame alone says who the unit is only by its inlets.
func TestApplyToNothing(t *testing.T) {
	t.Parallel()
	r := synlink.Readings{Host: "h"}
	r.Apply(synlink.Frame{Uptime: power.Of(2)})
	if d := r.Device(); d.ID != "h" || !d.Up || len(d.Uptimes) != 1 {
		t.Errorf("got %+v", d)
	}
}

func TestApplyWebhook(t *testing.T) {
	t.Parallel()
	r := synlink.Readings{
		Info:  &synlink.Info{EnclosureSerialNumber: "7", ModelNumber: "m"},
		Banks: []synlink.Bank{{ID: "b", BankName: "old", CurrentRms: power.Of(1)}},
	}
	shared := r
	r.ApplyWebhook(synlink.Webhook{EventCode: "30"})
	if d := r.Device(); d.ID != "7" || d.Model != "m" || len(d.Circuits) != 1 {
		t.Errorf("a post of an event alone made %+v", d)
	}
	r.ApplyWebhook(synlink.Webhook{EnclosureSerialNumber: "8", Banks: []synlink.Bank{{ID: "b"}}, Sensors: []synlink.Sensor{}})
	d := r.Device()
	if d.ID != "8" || d.Circuits[0].Name != "" || d.Circuits[0].Current.Present() {
		t.Errorf("a post of whole objects made %+v", d)
	}
	if shared.Info.EnclosureSerialNumber != "7" {
		t.Error("a post changed what copies share")
	}
}
