package synlink_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"power_exporter/internal/synlink"
)

func TestAnswersOfAnotherKind(t *testing.T) {
	t.Parallel()
	const (
		none   = "the answer is JSON of another kind: it has nothing in it of what "
		object = "the answer is JSON of another kind: array where an object was expected"
		web    = "the answer is a web page and not JSON: does the address lead to the device itself?"
	)
	for _, tt := range []struct{ endpoint, data, err string }{
		{"device", `{"error":"secret"}`, none + "a device has"},
		{"device", `[]`, object},
		{"device", `null`, "the answer is null: an object was expected"},
		{"device", ``, "the answer is empty: JSON was expected"},
		{"inlets", `{"error":"secret"}`, none + "an inlet has"},
		{"inlets", `{"error":"secret"}` + "\n", none + "an inlet has"},
		{"banks", `[{"error":"secret"}]`, none + "a bank has"},
		{"outlets", `"secret"`, none + "an outlet has"},
		{"outlets", `["1-16777225"]`, none + "an outlet has"},
		{"outlets", `[{"id":"1"`, "the answer ends in the middle of its JSON, after 10 bytes"},
		{"groups", `true`, none + "a group has"},
		{"sensors", `<html>secret</html>`, web},
		{"events", `{}`, none + "an event has"},
		{"inlets", `null`, "the answer is null: a list of inlets was expected"},
		{"banks", "\ufeffnull", "the answer is null: a list of banks was expected"},
		{"outlets", " null\n", "the answer is null: a list of outlets was expected"},
		{"outlets", `[null]`, none + "an outlet has"},
		{"outlets", `1`, none + "an outlet has"},
		{"groups", `null`, "the answer is null: a list of groups was expected"},
		{"sensors", `null`, "the answer is null: a list of sensors was expected"},
		{"events", `null`, "the answer is null: a list of events was expected"},
		{"conf", `null`, "the answer is null: an object was expected"},
		{"diagnostics", "\ufeff null", "the answer is null: an object was expected"},
		{"stream", `null`, "the message is no frame: it has no device, inlets, banks, outlets or sensors"},
		{"conf", `["secret"]`, object},
		{"diagnostics", `"secret"`, "the answer is JSON of another kind: string where an object was expected"},
		{"kwhHist", `[]`, `there is no endpoint "kwhHist"`},
		{"stream", `{"error":"secret"}`, "the message is no frame: it has no device, inlets, banks, outlets or sensors"},
		{"stream", `[]`, object},
		{"stream", `{"device":"secret"}`, "the answer's member device is string where an object was expected"},
		{"webhook", `{"error":"secret"}`, "the body is no web hook of a SynLink: it has neither enclosureSerialNumber nor eventCode"},
		{"webhook", `secret`, "the answer is no JSON: it breaks off at byte 1 of 6"},
	} {
		before := synlink.Readings{Host: "h", Conf: &synlink.Conf{DeviceName: "before"}}
		u := unit{readings: before}
		var err error
		if tt.endpoint == "kwhHist" {
			err = u.readings.Answer(tt.endpoint, []byte(tt.data))
		} else {
			err = u.hear(tt.endpoint, []byte(tt.data))
		}
		if err == nil || err.Error() != tt.err {
			t.Errorf("%s %s: the error is %v, want %s", tt.endpoint, tt.data, err, tt.err)
		}
		if tt.endpoint != "webhook" && !reflect.DeepEqual(u.readings, before) {
			t.Errorf("%s %s: left the readings as %+v", tt.endpoint, tt.data, u.readings)
		}
	}
}

// None is not the same as not said.
func TestNone(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"inlets", "banks", "outlets", "groups", "sensors", "events"} {
		for _, data := range []string{`[]`, ` [ ] `, "\ufeff[]"} {
			var u unit
			if err := u.hear(endpoint, []byte(data)); err != nil {
				t.Errorf("%s %s: %v", endpoint, data, err)
			}
			if d := u.readings.Device(); !d.Up {
				t.Errorf("%s %s: a unit that has none is not up", endpoint, data)
			}
		}
	}
	for _, endpoint := range []string{"conf", "diagnostics"} {
		var u unit
		if err := u.hear(endpoint, []byte(`{"unheardOf":1}`)); err != nil {
			t.Errorf("%s: an older firmware fails with %v", endpoint, err)
		}
	}
	frame, err := synlink.DecodeFrame([]byte(`{"banks":[],"outlets":null,"sensors":"none"}`))
	if err != nil || frame.Banks == nil || len(frame.Banks) != 0 || frame.Outlets != nil || frame.Inlets != nil || len(frame.Sensors) != 0 {
		t.Errorf("a frame without banks is %+v, %v", frame, err)
	}
}

// One part of a message that is odd costs that part.
func TestPartsOfAMessage(t *testing.T) {
	t.Parallel()
	frame, err := synlink.DecodeFrame([]byte(`{"device":7,"banks":{"id":1},"inlets":[{"id":"I1-5"},"odd",{}]}`))
	if err == nil || len(frame.Banks) != 1 || len(frame.Inlets) != 1 {
		t.Errorf("got %+v, %v", frame, err)
	}
	hook, err := synlink.DecodeWebhook([]byte(`{"eventCode":15,"outlets":{"id":1},"sensors":"OBJECTS","banks":null}`))
	if err != nil || len(hook.Outlets) != 1 || len(hook.Sensors) != 0 || hook.Banks != nil {
		t.Errorf("got %+v, %v", hook, err)
	}
}

// The object holds passwords: two of its members are read, and no more.
func TestConfKeepsNoSecret(t *testing.T) {
	t.Parallel()
	if n := reflect.TypeFor[synlink.Conf]().NumField(); n != 2 {
		t.Errorf("Conf has %d members, want deviceName and snmpSysLocation alone", n)
	}
	secrets := []string{"public", "private", "examplepassword", "exampleprivacypass", "example_read_string", "example_password"}
	for _, file := range []string{"conf", "conf-snmp", "conf-smtp"} {
		data, err := os.ReadFile("testdata/document/" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		conf, err := synlink.DecodeConf(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if strings.Contains(fmt.Sprintf("%+v", conf), secret) {
				t.Errorf("%s: %+v holds %s", file, conf, secret)
			}
		}
	}
}
