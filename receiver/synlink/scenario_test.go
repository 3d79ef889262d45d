package synlink_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/receivertest"
	"power_exporter/receiver/synlink"
)

// step is a post that is taken, some time after the one before.
type step struct {
	after        time.Duration
	target, body string
}

// TestScenarios compares what is exported after some posts, and after the
// receiver was started again, with testdata.
func TestScenarios(t *testing.T) {
	t.Parallel()
	const otherTarget = "/webhook/synlink?token=hunter2"
	sample := file(t, "webhook/webhook.json")
	for name, test := range map[string]struct {
		steps []step
		then  time.Duration // goes by before the metrics are looked at
	}{
		"document": {steps: []step{{0, target, sample}}},
		"bare":     {steps: []step{{0, target, file(t, "webhook-bare/webhook.json")}}},
		"breaker":  {steps: []step{{0, target, file(t, "webhook-breaker/webhook.json")}}},
		"several-events": {
			steps: []step{
				{0, target, sample},
				{time.Minute, target, file(t, "webhook-bare/webhook.json")},
				{time.Minute, target, `{"enclosureSerialNumber": 1000016, "eventCode": "49", "eventName": "Hot", "valueExceedingThreshold": "41.5",
					"sensors": {"sensorId": "A-1", "sensorPort": "A", "sensorType": "temp_hum", "sensorTempInC": 41.5, "sensorHumidity": 30}}`},
				{time.Minute, target, `{"enclosureSerialNumber": "1000016", "eventCode": 30, "eventName": "Breaker", "valueExceedingThreshold": 0}`},
				{time.Minute, target, `{"enclosureSerialNumber": "1000016", "eventCode": 99, "eventName": "New firmware", "valueExceedingThreshold": 7}`},
			},
			then: 30 * time.Second,
		},
		"transfer-switch": {steps: []step{{0, target, `{"enclosureSerialNumber": "1024122712", "eventCode": 55, "eventName": "To B", "inlets": [
			{"id": "I1-1024122712", "inletType": "ats", "atsInletId": "A", "atsInletActive": false, "atsInletReady": false},
			{"id": "I2-1024122712", "inletType": "ats", "atsInletId": "B", "atsInletActive": true, "atsInletReady": true, "inletCurrentRms": 1.5, "inletEnergyAccumulation": 2}]}`}}},
		"two-tokens": {steps: []step{{0, target, sample}, {0, otherTarget, sample}}},
		"nothing-but-events": {
			steps: []step{{0, target, sample}, {14 * time.Minute, target, `{"enclosureSerialNumber": "1000016", "eventCode": 15}`}},
			then:  time.Minute,
		},
		"down": {
			steps: []step{{0, target, sample}, {14 * time.Minute, target, `{"enclosureSerialNumber": "1000016", "eventCode": 15}`}},
			then:  15 * time.Minute,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, t.TempDir(), synlink.Options{})
				for _, p := range test.steps {
					receivertest.Pass(p.after)
					s.Push(p.target, p.body)
				}
				receivertest.Pass(test.then)
				golden.Metrics(t, filepath.Join("testdata", name+".prom"), exposition.NewCollector(s.Devices()))
				s.Restart()
				s.Close()
			})
		})
	}
}
