package synlinksim_test

import (
	"strings"
	"testing"

	"power_exporter/cmd/powersim/synlinksim"
)

func TestQuirks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		quirks synlinksim.Quirks
		model  string
		want   map[string][]string
	}{
		{"none", synlinksim.Quirks{}, "single8", map[string][]string{
			"device":  {`"enclosureSerialNumber":"1000016"`, `"controllerSerialNumber":1360604425`},
			"banks":   {`"id":16777225,`, `"inletId":"I1-1000016"`},
			"outlets": {`"id":"1-16777225"`, `"bankId":16777225`, `"state":"OFF"`},
			"groups":  {`"id":"1",`, `"state":"On"`, `"state":"Off"`},
			"events":  {`"id":1,`},
		}},
		{"numbers", synlinksim.Quirks{IDs: synlinksim.AsNumber}, "single8", map[string][]string{
			"device":  {`"enclosureSerialNumber":1000016,`, `"controllerSerialNumber":1360604425`},
			"banks":   {`"id":16777225,`, `"inletId":"I1-1000016"`},
			"outlets": {`"id":"1-16777225"`, `"bankId":16777225`},
			"groups":  {`"id":1,`, `"id":"1-16777225"`},
			"sensors": {`"sensorId":2,`},
		}},
		{"strings", synlinksim.Quirks{IDs: synlinksim.AsString}, "single8", map[string][]string{
			"device":  {`"enclosureSerialNumber":"1000016"`, `"controllerSerialNumber":"1360604425"`, `"numBanks":1,`},
			"banks":   {`"id":"16777225"`},
			"outlets": {`"bankId":"16777225"`},
			"events":  {`"id":"1"`, `"code":15,`},
			"kwhHist": {`"serialNumber":"16777225"`},
		}},
		{"ON", synlinksim.Quirks{State: "ON"}, "single8", map[string][]string{"outlets": {`"state":"ON"`, `"state":"OFF"`}, "groups": {`"state":"ON"`, `"state":"OFF"`}}},
		{"On", synlinksim.Quirks{State: "On"}, "single8", map[string][]string{"outlets": {`"state":"On"`, `"state":"Off"`}}},
		{"on", synlinksim.Quirks{State: "on"}, "iohub", map[string][]string{"outlets": {`"state":"on"`, `"state":"off"`, `"pwrOnState":"ON"`}, "sensors": {`"state":"OPEN"`, `"state":"HI"`}}},
		{"string numbers", synlinksim.Quirks{StringNumbers: true}, "ats", map[string][]string{
			"device":  {`"enclosureSerialNumber":9826498,`, `"uptime":"19284619"`, `"circuitBreakerProtection":false`},
			"banks":   {`"id":16777226,`, `"lineFrequency":"60.1879997253418"`},
			"sensors": {`"sensorTempInC":"18.`},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, url := recorded(t, synlinksim.Options{Quirks: tt.quirks}, tt.model)
			for reply, parts := range tt.want {
				body := get(t, url+"/api/"+reply).Body
				for _, part := range parts {
					if !strings.Contains(body, part) {
						t.Errorf("no %s in %s", part, body)
					}
				}
			}
		})
	}
}

// A stream has the same quirks.
func TestQuirksOfStreams(t *testing.T) {
	options := onlyTicks()
	options.Quirks = synlinksim.Quirks{IDs: synlinksim.AsString, State: "on", StringNumbers: true}
	for _, name := range []string{"manual", "single8"} {
		pdu, url := recorded(t, options, name)
		conn := stream(t, pdu, url)
		pdu.Tick()
		if _, message, err := read(t, conn); err != nil || !strings.Contains(message, `"banks":[{"id":"16777225","currentRms":"`) || !strings.Contains(message, `"state":"on"`) {
			t.Errorf("%v %s", err, message)
		}
	}
}
