package powersentrix_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	internal "power_exporter/internal/powersentrix"
	"power_exporter/internal/receivertest"
	"power_exporter/power"
	"power_exporter/receiver"
	"power_exporter/receiver/powersentrix"
)

// Pushes that have a part of what a UPS says.
const (
	onlyIdent   = `{"config": {"ident": {"sn": "1", "type": "PWX", "comUptime": "1h", "cpuLoad": 12, "totalRamSize": 2, "freeRamSize": 1}}}`
	onlyOutputs = `{"config": {"outputs": [{"id": 0, "description": "Router", "status": "ON", "voltage": 4810}]}}`
	onlyTemps   = `{"upsData": {"temps": {"board": 42}}}`
)

// What is exported of them.
const (
	ofTemps = `power_sensor_temperature_celsius{device="ups-01",name="",sensor="board"} 42`
	ofIdent = `power_device_cpu_load_ratio{device="ups-01"} 0.12`
	ofOn    = `power_outlet_on{device="ups-01",name="Router",outlet="0"} 1`
	ofVolts = `power_outlet_voltage_volts{device="ups-01",name="Router",outlet="0"} 48.1`
)

// TestPartsExpire pushes parts at different times. A part that is left out is
// not exported any more at the first push after it has become too old, or when
// everything has.
func TestPartsExpire(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		push map[time.Duration]string
		want map[time.Duration][]string // none are the readings then
		age  map[time.Duration]string
	}{
		"all three, then none": {
			push: map[time.Duration]string{0: onlyIdent, 1: onlyOutputs, 2: onlyTemps},
			want: map[time.Duration][]string{
				0: {ofIdent}, 1: {ofIdent, ofOn, ofVolts}, 2: {ofIdent, ofOn, ofVolts, ofTemps},
				16: {ofIdent, ofOn, ofVolts, ofTemps}, 17: nil,
			},
			age: map[time.Duration]string{0: "0", 1: "0", 2: "0", 16: "840"},
		},
		"readings alone for long": {
			push: map[time.Duration]string{0: onlyIdent, 5: onlyTemps, 10: onlyTemps, 14: onlyTemps, 15: onlyTemps},
			want: map[time.Duration][]string{5: {ofIdent, ofTemps}, 14: {ofIdent, ofTemps}, 15: {ofTemps}},
		},
		"outputs keep their names": {
			push: map[time.Duration]string{0: onlyOutputs, 15: onlyTemps, 16: `{"upsData": {"voltages": [4700]}}`},
			want: map[time.Duration][]string{14: {ofOn, ofVolts}, 15: {ofTemps}, 16: {`power_outlet_voltage_volts{device="ups-01",name="Router",outlet="0"} 47`, ofTemps}},
		},
		"an identity makes no reading newer": {
			push: map[time.Duration]string{0: onlyTemps, 10: onlyIdent, 14: onlyOutputs, 16: onlyIdent},
			want: map[time.Duration][]string{10: {ofIdent, ofTemps}, 14: {ofIdent, ofOn, ofVolts, ofTemps}, 15: nil, 16: {ofIdent, ofOn, ofVolts}},
			age:  map[time.Duration]string{10: "600", 14: "840", 15: "absent", 16: "0"},
		},
		"nothing in it makes no reading newer": {
			push: map[time.Duration]string{0: onlyTemps, 10: `{"upsData": {}}`, 14: `{"config": {"settings": {"dhcp": 1}}}`},
			want: map[time.Duration][]string{14: {ofTemps}, 15: nil},
			age:  map[time.Duration]string{14: "840"},
		},
		"after a long silence": {
			push: map[time.Duration]string{0: onlyTemps, 1: onlyIdent, 60: onlyOutputs},
			want: map[time.Duration][]string{15: nil, 60: {ofOn, ofVolts}},
		},
		"a reading that is gone": {
			push: map[time.Duration]string{0: onlyTemps, 1: `{"upsData": {"temps": {"board": null, "mcu": 51}}}`},
			want: map[time.Duration][]string{1: {`power_sensor_temperature_celsius{device="ups-01",name="",sensor="mcu"} 51`}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, t.TempDir(), powersentrix.Options{})
				defer s.Close()
				for minute := range time.Duration(61) {
					if body, ok := test.push[minute]; ok {
						s.push("setUpsData", "ups-01", body)
					}
					if want, ok := test.want[minute]; ok {
						s.expectReadings(minute, want)
					}
					if want, ok := test.age[minute]; ok {
						if d, _ := s.Store.Device("ups-01"); d.ReadingAge.String() != want {
							t.Errorf("after %d minutes its readings are %s s old, want %s", minute, d.ReadingAge, want)
						}
					}
					receivertest.Pass(time.Minute)
				}
			})
		})
	}
}

// TestAClockThatWasWrong goes back years between two pushes: what was received
// in time to come is as old as the first push after that.
func TestAClockThatWasWrong(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) { // every bubble begins in 2000
		receivertest.Pass(5 * 365 * 24 * time.Hour)
		s := open(t, folder, powersentrix.Options{})
		s.push("setUpsData", "ups-01", onlyTemps)
		s.push("setUpsData", "ups-01", onlyOutputs)
		s.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		s := open(t, folder, powersentrix.Options{})
		defer s.Close()
		s.push("setUpsData", "ups-01", onlyIdent)
		s.expectReadings(0, []string{ofIdent, ofOn, ofVolts, ofTemps})
		receivertest.Pass(14 * time.Minute)
		s.push("setUpsData", "ups-01", onlyIdent)
		s.expectReadings(14, []string{ofIdent, ofOn, ofVolts, ofTemps})
		receivertest.Pass(time.Minute)
		s.push("setUpsData", "ups-01", onlyIdent)
		s.expectReadings(15, []string{ofIdent})
	})
}

// expectReadings compares what is exported of the parts.
func (s *site) expectReadings(minute time.Duration, want []string) {
	s.TB.Helper()
	s.ExpectOf(fmt.Sprintf("the parts after %d minutes", minute), func(sample string) bool {
		return strings.Contains(sample, `device="ups-01"`) &&
			(strings.HasPrefix(sample, "power_device_cpu") || strings.HasPrefix(sample, "power_outlet_") || strings.HasPrefix(sample, "power_sensor_temp"))
	}, want...)
}

// TestStates maps a state that there is not, and what is none.
func TestStates(t *testing.T) {
	t.Parallel()
	kind := powersentrix.Options{}.Kind()
	if d, err := kind.Map(nil); err != nil || d.Vendor != "PowerSentrix" || d.Kind != power.KindUPS {
		t.Errorf("without a state it is %+v, %v", d, err)
	}
	if _, err := kind.Map([]byte(`{"config"`)); err == nil || err.Error() != "decoding the state: unexpected end of JSON input" {
		t.Errorf("half a state is no error but %v", err)
	}
}

// TestOptionsCanChange reads a stored state with other options, as after a
// reload.
func TestOptionsCanChange(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	s.push("setUpsData", "ups-01", `{"upsData": {"currents": [150], "ventilation": 3}}`)
	s.Expect("amperes", `power_outlet_current_amperes{device="ups-01",name="",outlet="0"} 0.15`)
	changed := powersentrix.Options{CurrentUnit: internal.CentiAmperes, Native: true}
	s.Store.Configure(map[string]receiver.Kind{powersentrix.Name: changed.Kind()})
	s.Expect("amperes", `power_outlet_current_amperes{device="ups-01",name="",outlet="0"} 1.5`)
	s.Expect("native", `power_native_reading{device="ups-01",id="",name="ventilation",point="upsData"} 3`)
}

// TestTooManyUPSes is one more than a company may have.
func TestTooManyUPSes(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{MaxDevices: 2})
	defer s.Close()
	s.push("setUpsData", "ups-01", onlyTemps)
	s.push("setUpsLog", "ups-02", `{"ord": 1, "code": "I/E01"}`)
	if status, answer := s.Post(target("setNewUps", acme, "ups-03"), `{"sn": "3"}`); status != 429 || answer != `{"message":"there are 2 devices of this sender already"}` {
		t.Errorf("it was answered with %d %s", status, answer)
	}
	s.push("setUpsData", "ups-02", onlyTemps)
	if status, answer := s.Post(target("setNewUps", other, "ups-03"), `{"sn": "3"}`); status != 200 {
		t.Errorf("that of another company was answered with %d %s", status, answer)
	}
}

// TestNoSecretIsStored looks for the companyId in all that is kept and shown.
func TestNoSecretIsStored(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := open(t, folder, powersentrix.Options{Native: true})
	for range 2 {
		s.push("setNewUps", "ups-01", file(t, "cases/document/1-new.json"))
		s.push("setUpsData", "ups-01", file(t, "cases/document/2-data.json"))
		s.push("setUpsData", "ups-01", `{"companyId": "abc123", "config": {"companyId": "abc123", "settings": {"remoteServer": {"CompanyID": "abc123"}}, "ident": {"info": "abc123"}}}`)
		s.push("setUpsLog", "ups-01", `{"ord": 1, "code": "I/E01", "companyId": "abc123", "params": "abc123"}`)
	}
	shown := s.Metrics() + fmt.Sprint(s.Store.Statuses())
	s.Close() // it looks at the log
	stored := receivertest.Stored(t, folder)
	if !strings.Contains(stored, "PSX-2024-001234") {
		t.Error("this test is blind: the file does not have what was pushed")
	}
	if strings.Contains(stored, acme) || strings.Contains(shown, acme) {
		t.Errorf("the companyId is in the file, or in\n%s", shown)
	}
}
