package synlink_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/internal/receivertest"
	"power_exporter/power"
	"power_exporter/receiver/synlink"
)

// TestParts posts parts at different times, minutes from the first. A part that
// does not ride along is not exported any more at the first post after it has
// become too old, or when everything has.
func TestParts(t *testing.T) {
	t.Parallel()
	const (
		inlet    = `"inlets": [{"id": "1", "inletVoltageRms": 230}]`
		bank     = `"banks": [{"id": "1", "voltageRms": 231}]`
		outlet   = `"outlets": [{"id": "1", "circuitVoltage": 232}, {"id": "2", "circuitVoltage": 233}]`
		sensor   = `"sensors": [{"sensorId": "A", "sensorTempInC": 21}]`
		ofInlet  = `power_inlet_voltage_volts{device="7",inlet="1",name=""} 230`
		ofBank   = `power_circuit_voltage_volts{circuit="1",device="7",name=""} 231`
		ofFirst  = `power_outlet_voltage_volts{device="7",name="",outlet="1"} 232`
		ofSecond = `power_outlet_voltage_volts{device="7",name="",outlet="2"} 233`
		ofSensor = `power_sensor_temperature_celsius{device="7",name="",sensor="A"} 21`
	)
	for name, test := range map[string]struct {
		push map[time.Duration]string
		want map[time.Duration][]string // none are the readings then
		age  map[time.Duration]string
	}{
		"one after the other": {
			push: map[time.Duration]string{0: inlet, 1: bank, 2: outlet, 3: sensor},
			want: map[time.Duration][]string{
				0: {ofInlet}, 1: {ofBank, ofInlet}, 2: {ofBank, ofInlet, ofFirst, ofSecond}, 3: {ofBank, ofInlet, ofFirst, ofSecond, ofSensor},
				12: {ofBank, ofInlet, ofFirst, ofSecond, ofSensor}, 13: nil,
			},
			age: map[time.Duration]string{0: "0", 3: "0", 12: "540", 13: "absent"},
		},
		"all together": {
			push: map[time.Duration]string{0: strings.Join([]string{inlet, bank, outlet, sensor}, ","), 5: inlet},
			want: map[time.Duration][]string{0: {ofBank, ofInlet, ofFirst, ofSecond, ofSensor}, 14: {ofBank, ofInlet, ofFirst, ofSecond, ofSensor}, 15: nil},
		},
		"one part for long": {
			push: map[time.Duration]string{0: bank + "," + outlet, 5: inlet, 9: inlet, 10: inlet},
			want: map[time.Duration][]string{9: {ofBank, ofInlet, ofFirst, ofSecond}, 10: {ofInlet}},
		},
		"a list is replaced whole": {
			push: map[time.Duration]string{0: outlet, 1: `"outlets": [{"id": "2", "state": "ON"}]`},
			want: map[time.Duration][]string{0: {ofFirst, ofSecond}, 1: nil},
		},
		"an empty list": {
			push: map[time.Duration]string{0: outlet + "," + sensor, 1: `"outlets": []`},
			want: map[time.Duration][]string{1: {ofSensor}},
			age:  map[time.Duration]string{1: "0"},
		},
		"null is left out": {
			push: map[time.Duration]string{0: sensor, 1: `"sensors": null`, 2: `"sensors": 7`, 3: `"sensors": "none"`},
			want: map[time.Duration][]string{3: {ofSensor}, 10: nil},
			age:  map[time.Duration]string{3: "180"},
		},
		"one object instead of a list": {
			push: map[time.Duration]string{0: `"sensors": {"sensorId": "A", "sensorTempInC": "21"}`},
			want: map[time.Duration][]string{0: {ofSensor}},
		},
		"an event makes no reading newer": {
			push: map[time.Duration]string{0: sensor, 9: `"eventName": "x"`},
			want: map[time.Duration][]string{9: {ofSensor}, 10: nil},
			age:  map[time.Duration]string{9: "540"},
		},
		"after a long silence": {
			push: map[time.Duration]string{0: sensor, 30: inlet},
			want: map[time.Duration][]string{10: nil, 30: {ofInlet}},
		},
		"the last of two members counts": {
			push: map[time.Duration]string{0: `"Sensors": [], "sensors": [], "SENSORS": [{"sensorId": "A", "sensorTempInC": 21}]`},
			want: map[time.Duration][]string{0: {ofSensor}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				folder, options := t.TempDir(), synlink.Options{ExpireAfter: 10 * time.Minute}
				s := open(t, folder, options)
				for minute := range time.Duration(31) {
					if part, ok := test.push[minute]; ok {
						s.push(`{"enclosureSerialNumber": "7", "eventCode": 54, ` + part + `}`)
						s.Close() // nothing depends on what is in memory
						s = open(t, folder, options)
					}
					if want, ok := test.want[minute]; ok {
						s.expectReadings(minute, want)
					}
					if want, ok := test.age[minute]; ok {
						if d, _ := s.Store.Device("7"); d.ReadingAge.String() != want {
							t.Errorf("after %d minutes its readings are %s s old, want %s", minute, d.ReadingAge, want)
						}
					}
					receivertest.Pass(time.Minute)
				}
				s.Close()
			})
		})
	}
}

// TestAClockThatWasWrong goes back years between two posts: what was received in
// time to come is as old as the first post after that.
func TestAClockThatWasWrong(t *testing.T) {
	t.Parallel()
	const (
		bank   = `{"enclosureSerialNumber": 7, "banks": [{"id": "1", "voltageRms": 231}]}`
		sensor = `{"enclosureSerialNumber": 7, "sensors": [{"sensorId": "A", "sensorTempInC": 21}]}`
		ofBank = `power_circuit_voltage_volts{circuit="1",device="7",name=""} 231`
		ofTemp = `power_sensor_temperature_celsius{device="7",name="",sensor="A"} 21`
	)
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) { // every bubble begins in 2000
		receivertest.Pass(5 * 365 * 24 * time.Hour)
		s := open(t, folder, synlink.Options{})
		s.push(bank)
		s.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		s := open(t, folder, synlink.Options{})
		defer s.Close()
		s.push(sensor)
		receivertest.Pass(14 * time.Minute)
		s.push(sensor)
		s.expectReadings(14, []string{ofBank, ofTemp})
		receivertest.Pass(time.Minute)
		s.push(sensor)
		s.expectReadings(15, []string{ofTemp})
	})
}

// TestStates maps a state that there is not, and what is none.
func TestStates(t *testing.T) {
	t.Parallel()
	kind := synlink.Options{}.Kind()
	if d, err := kind.Map(nil); err != nil || d.Vendor != "Synaccess" || d.Kind != power.KindPDU {
		t.Errorf("without a state it is %+v, %v", d, err)
	}
	if _, err := kind.Map([]byte(`{"received": {}}`)); err == nil {
		t.Error("a state of no unit is no error")
	}
}

// TestTooManyUnits is one more than the owner of a token may have.
func TestTooManyUnits(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), synlink.Options{MaxDevices: 1})
	defer s.Close()
	s.push(`{"enclosureSerialNumber": 1}`)
	if status, answer := s.Post(target, `{"enclosureSerialNumber": 2}`); status != 429 || answer != `{"message":"there are 1 devices of this sender already"}` {
		t.Errorf("it was answered with %d %s", status, answer)
	}
	s.push(`{"enclosureSerialNumber": 1}`)
}

// expectReadings compares the voltages and temperatures.
func (s *site) expectReadings(minute time.Duration, want []string) {
	s.TB.Helper()
	s.ExpectOf(fmt.Sprintf("the parts after %d minutes", minute), func(sample string) bool {
		return strings.Contains(sample, `device="7"`) &&
			(strings.Contains(sample, "_volts{") || strings.Contains(sample, "_celsius{"))
	}, want...)
}
