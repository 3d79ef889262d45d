package exposition

import (
	"fmt"
	"strings"
	"testing"

	"power_exporter/power"
)

// Each reading of a device, set alone, must be one sample more, and that sample
// must have its number: nothing is forgotten, taken for another or made of
// nothing.
func TestEveryReadingIsExportedOnce(t *testing.T) {
	const marker = 12345.678
	empty := power.Device{ID: "d"}
	all := leaves(t, &empty)
	without := samples(t, empty)

	readings := 0
	for i := range all {
		d := power.Device{}
		l := leaves(t, &d)[i]
		d.ID = "d"
		if !l.isReading() {
			continue
		}
		readings++
		l.set(marker)
		with := samples(t, d)
		if len(with) != len(without)+1 {
			t.Errorf("%s set alone gives %d samples, and unset %d; want exactly one more", l.path, len(with), len(without))
		}
		var found []string
		for series, value := range with {
			if value == marker {
				found = append(found, series)
			}
		}
		if len(found) != 1 {
			t.Errorf("%s is exported %d times, want once: %q", l.path, len(found), found)
		}
	}
	if readings < 200 {
		t.Errorf("only %d readings were found in a device: this test is blind", readings)
	}
}

// Each text of a device must be the value of a label.
func TestEveryTextIsExported(t *testing.T) {
	d := everything(t)
	exported := map[string]bool{}
	for _, f := range gatherDevices(t, d) {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				exported[l.GetValue()] = true
			}
		}
	}
	texts := 0
	for _, l := range leaves(t, &power.Device{}) {
		if l.isReading() {
			continue
		}
		texts++
		if !exported[l.path] {
			t.Errorf("%s is not the value of any label", l.path)
		}
	}
	if texts < 60 {
		t.Errorf("only %d texts were found in a device: this test is blind", texts)
	}
}

// Zero is a reading.
func TestZeroIsExported(t *testing.T) {
	d := power.Device{ID: "d"}
	for _, l := range leaves(t, &d) {
		if l.isReading() {
			l.set(0)
		}
	}
	var everything power.Device
	for i, l := range leaves(t, &everything) {
		if l.isReading() {
			l.set(float64(i))
		}
	}
	everything.ID = "d"
	if zero, all := len(samples(t, d)), len(samples(t, everything)); zero != all {
		t.Errorf("a device whose readings are all 0 has %d samples, one with other readings %d", zero, all)
	}
}

func TestDeviceThatIsDownExportsWhatItHolds(t *testing.T) {
	d := power.Device{ID: "d", Up: false, Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{Voltage: power.Volts(power.Of(230))}}}}
	if _, ok := samples(t, d)[`power_inlet_voltage_volts{device="d",inlet="1",name=""}`]; !ok {
		t.Error("the voltage of a device that is down was left out: that is for its vendor's package to decide")
	}
}

func TestInfoOfPoints(t *testing.T) {
	named := power.Device{
		ID:        "d",
		Inlets:    []power.Inlet{{ID: "1", Name: "n"}},
		Circuits:  []power.Circuit{{ID: "1", Name: "n"}},
		Outlets:   []power.Outlet{{ID: "1", Name: "n"}},
		Batteries: []power.Battery{{ID: "1", Name: "n"}},
		Sensors:   []power.Sensor{{ID: "1", Name: "n"}},
	}
	for series := range samples(t, named) {
		if strings.Contains(series, "_info") && !strings.HasPrefix(series, "power_device_info") {
			t.Errorf("a point of which only id and name are known has %s", series)
		}
	}

	described := power.Device{
		ID:        "d",
		Inlets:    []power.Inlet{{ID: "1", LineConfiguration: "wye"}},
		Circuits:  []power.Circuit{{ID: "1", Hardware: "2"}},
		Outlets:   []power.Outlet{{ID: "1", PowerOnState: "PREV"}},
		Batteries: []power.Battery{{ID: "1", Replaced: "2020"}},
		Sensors:   []power.Sensor{{ID: "1", Port: "A"}},
	}
	got := samples(t, described)
	for _, want := range []string{
		`power_inlet_info{device="d",inlet="1",line_configuration="wye",name="",phase="",plug=""}`,
		`power_circuit_info{circuit="1",device="d",firmware="",hardware="2",inlet="",lines="",name=""}`,
		`power_outlet_info{circuit="",device="d",name="",outlet="1",power_on_state="PREV",receptacle=""}`,
		`power_battery_info{battery="1",device="d",kind="",manufactured="",name="",replaced="2020"}`,
		`power_sensor_info{device="d",kind="",name="",port="A",sensor="1"}`,
	} {
		if got[want] != 1 {
			t.Errorf("%s is missing", want)
		}
	}
}

// samples is every sample of a device, by its series as the text format writes
// it.
func samples(t *testing.T, d power.Device) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	for _, f := range gatherDevices(t, d) {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			all[f.GetName()+"{"+strings.Join(labels, ",")+"}"] = number(m)
		}
	}
	return all
}
