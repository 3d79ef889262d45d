package synlink_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// everything is each kind of thing that a unit says.
var everything = append([]string{"stream", "webhook"}, endpoints...)

// FuzzAnswers takes arbitrary bytes as everything that a unit says, each alone
// and all together. Whatever they are, there is a device that can be exported,
// and what could not be decoded has changed nothing.
func FuzzAnswers(f *testing.F) {
	seed(f, func(data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		all := unit{readings: synlink.Readings{Host: "fuzz"}}
		for _, endpoint := range everything {
			alone := unit{readings: synlink.Readings{Host: "fuzz"}}
			err := alone.hear(endpoint, data)
			if err == nil && !alone.readings.Device().Up {
				t.Errorf("%s %q: was read, and the unit is not up", endpoint, data)
			}
			if err != nil && endpoint != "stream" && endpoint != "webhook" && alone.readings.Device().Up {
				t.Errorf("%s %q: failed with %v, and the unit is up", endpoint, data, err)
			}
			export(t, &alone)
			_ = all.hear(endpoint, data) // the same error again
		}
		export(t, &all)
	})
}

// FuzzFrames applies arbitrary frames to arbitrary answers.
func FuzzFrames(f *testing.F) {
	seed(f, func(data []byte) {
		f.Add(data, data)
		f.Add(data, []byte(`{"banks":[{"id":16777225}],"inlets":[{"id":"I1-9826498"}],"outlets":[{"id":"1-16777225"}],"sensors":[{"sensorPort":"B"}]}`))
	})
	f.Add([]byte(`[{"id":1,"circuitVoltage":2,"bankId":1},{"id":1},{"id":1}]`), []byte(`{"banks":[{"id":1,"voltageRms":3},{"id":1}],"outlets":[{"id":1},{"id":1}]}`))
	f.Fuzz(func(t *testing.T, answer, data []byte) {
		frame, err := synlink.DecodeFrame(data)
		u := unit{readings: synlink.Readings{Host: "fuzz"}}
		for _, endpoint := range endpoints {
			_ = u.hear(endpoint, answer) // what fails is not there
		}
		before := u.metrics(t)
		applied := unit{readings: u.readings}
		applied.readings.Apply(frame)
		export(t, &applied)
		if after := u.metrics(t); after != before {
			t.Errorf("a frame changed what copies share:\n%s\nwas\n%s", after, before)
		}
		if n := len(applied.readings.Outlets); frame.Outlets != nil && n != len(frame.Outlets) {
			t.Errorf("a frame of %d outlets left %d (%v)", len(frame.Outlets), n, err)
		}
	})
}

// seed gives every sample of the vendor's document and every reply of some
// models.
func seed(f *testing.F, add func(data []byte)) {
	f.Helper()
	for _, sample := range append(vendorSamples(f), cases(f)...) {
		for _, data := range sample {
			add(data)
		}
	}
	for _, model := range []string{"ats", "dual", "iohub", "wye"} {
		for _, reply := range synlinksim.MustRecorded(model).Replies {
			add(reply)
		}
	}
	for _, odd := range []string{
		``, `null`, `[]`, `{}`, `"x"`, `[[]]`, `[{"id":{}}]`, `{"outlets":{"outlets":[]}}`, `[{"id":"a\ud800"},{"id":"a\udfff"}]`, `[{"id":1},{"id":1},{"id":"1#2"}]`,
		`[{"id":1,"outlets":[{"id":1},{"id":1},{}]},{"id":1,"outlets":{"watts":1e999}}]`, `{"id":"I-","inletLines":[{},{"line":"L1"},{"line":"L1"}]}`,
		`{"enclosureSerialNumber":"\u0000","uptime":-1e308,"inletConfig":"ATS"}`, `<html>`, `{"eventCode":15,"valueExceedingThreshold":"NaN"}`,
	} {
		add([]byte(odd))
	}
}

// export scrapes the unit, once it is fit for that.
func export(t *testing.T, u *unit) {
	t.Helper()
	d, _ := u.device()
	text := golden.Gather(t, exposition.NewCollector([]power.Device{d}))
	if !utf8.ValidString(text) || !strings.Contains(text, "power_device_info{") {
		t.Errorf("got %q", text)
	}
}
