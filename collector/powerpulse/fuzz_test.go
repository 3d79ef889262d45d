package powerpulse

import (
	"strings"
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector/nut"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/session"
	"power_exporter/power"
)

// FuzzSystems decodes and maps arbitrary answers: whatever PowerPulse says,
// there is an error or a list, each UPS has an id, one that is mixed or in
// Error has no readings, and all can be exported.
func FuzzSystems(f *testing.F) {
	for _, name := range powerpulsesim.Models() {
		f.Add([]byte(powerpulsesim.MustRecorded(name).Systems))
	}
	for _, seed := range []string{
		two, `[]`, `{}`, `null`, ``, `[null,1,"a",[],{}]`, `[{"upsName":"a"}]`, `[{"upsName":"a","nutServerId":1},{"upsName":"a","nutServerId":1}]`,
		`[{"upsName":"\ud800","nutServerId":-1,"batteryDetails":[],"upsDetails":"OL","rawVariables":{"ups.status":"OL","":"","x.y":null}}]`,
		`[{"id":1e999,"name":{},"runtimeRemaining":"1e300","load":"NaN","rawVariables":[{"a":"b"}]}]`,
		`[{"upsName":"a","inputDetails":{"L1Voltage":1,"":2,"É":3,"voltage":230,".":4},"rawVariables":{"device.1.outlet.1.status":"on"}}]`,
		"\ufeff[{\"upsName\":\"a\",\"status\":\"Error\",\"load\":5}] ", `[{"upsName":"a"}`, `[{"upsName":"a"}] []`, `<html>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := decode(body)
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("the error is long: %v", err)
		}
		var all []power.Device
		for i := range list {
			s := &list[i]
			if s.deviceID() == "" {
				t.Error("a UPS without id")
			}
			mapped := devices(s, nut.Natives{Export: true})
			if mapped != nil && (s.isMixed() || strings.EqualFold(s.Status.String(), statusError)) {
				t.Errorf("%s has readings", s.deviceID())
			}
			all = append(all, mapped...)
		}
		for i := range all {
			if !all[i].Up {
				t.Errorf("%s is mapped and down", all[i].ID)
			}
		}
		power.Validate(all)
		golden.Gather(t, exposition.NewCollector(all))
	})
}

// FuzzLogIn reads arbitrary answers to a log-in: what is not an error is a token
// that can be sent.
func FuzzLogIn(f *testing.F) {
	for _, seed := range []string{
		"", `{"token":"a.b.c"}`, `{"token":7}`, `{"token":"a\nb"}`, `{"token":"ü"}`, `{"token":null}`, `{"token":" a "}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		token, err := tokenOf(body)
		if (err == nil) != session.IsToken(token) {
			t.Errorf("token %q, error %v", token, err)
		}
	})
}
