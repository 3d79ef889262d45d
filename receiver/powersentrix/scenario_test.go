package powersentrix_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	internal "power_exporter/internal/powersentrix"
	"power_exporter/internal/receivertest"
	"power_exporter/receiver/powersentrix"
)

// step is a push that is taken, some time after the one before.
type step struct {
	after  time.Duration
	target string
	body   string // "@" and a file of the cases, or the body itself
}

const (
	newOfAcme   = "/api/setNewUps?companyId=abc123&cmm=ups-01"
	dataOfAcme  = "/api/setUpsData?companyId=abc123&cmm=ups-01"
	logOfAcme   = "/api/setUpsLog?companyId=abc123&cmm=ups-01"
	sampleNew   = "@cases/document/1-new.json"
	sampleData  = "@cases/document/2-data.json"
	sampleEvent = "@event.json"
)

// TestScenarios compares what is exported after some pushes, and after the
// receiver was started again, with testdata.
func TestScenarios(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options powersentrix.Options
		steps   []step
		then    time.Duration // goes by before the metrics are looked at
	}{
		"registered":        {steps: []step{{target: newOfAcme + "&upsDescription=Branch+office", body: sampleNew}}},
		"data-first":        {steps: []step{{target: dataOfAcme, body: sampleData}}},
		"event-first":       {steps: []step{{target: logOfAcme, body: sampleEvent}}},
		"event-of-its-body": {steps: []step{{target: "/api/v1/setUpsLog?companyId=abc123", body: sampleEvent}}},
		"everything": {
			options: powersentrix.Options{Native: true, CurrentUnit: internal.CentiAmperes},
			steps: []step{
				{target: "/api/v1/setNewUps?companyId=abc123&cmm=ups-01&upsDescription=Branch+office", body: sampleNew},
				{after: time.Second, target: "/api/v1/setUpsData?companyId=abc123&cmm=ups-01", body: sampleData},
				{after: time.Minute, target: "/api/v1/setUpsLog?companyId=abc123&cmm=ups-01", body: sampleEvent},
				{after: time.Minute, target: "/api/v1/setUpsLog?companyId=abc123&cmm=ups-01", body: sampleEvent},
				{after: time.Minute, target: logOfAcme, body: `{"ord": "1235", "code": "I/E01", "description": "Output 2 turned ON"}`},
				{after: time.Minute, target: logOfAcme, body: `{"ord": 1236, "code": "A/P02", "description": "Mains lost"}`},
			},
			then: 30 * time.Second,
		},
		"two-companies": {steps: []step{
			{target: dataOfAcme, body: `{"upsData": {"temps": {"board": 1}}}`},
			{target: "/api/setUpsData?companyId=hunter2&cmm=ups-01", body: `{"upsData": {"temps": {"board": 2}}}`},
			{target: "/api/setUpsData?companyId=hunter2&cmm=ups-02", body: `{"upsData": {"temps": {"board": 3}}}`},
		}},
		"down": {
			steps: []step{
				{target: dataOfAcme, body: sampleData},
				{after: 14 * time.Minute, target: logOfAcme, body: sampleEvent},
			},
			then: 15 * time.Minute,
		},
		"nothing-but-events": {
			steps: []step{
				{target: dataOfAcme, body: sampleData},
				{after: 14 * time.Minute, target: logOfAcme, body: sampleEvent},
			},
			then: time.Minute,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, t.TempDir(), test.options)
				for _, p := range test.steps {
					receivertest.Pass(p.after)
					body := p.body
					if name, is := strings.CutPrefix(body, "@"); is {
						body = file(t, name)
					}
					s.Push(p.target, body)
				}
				receivertest.Pass(test.then)
				golden.Metrics(t, filepath.Join("testdata", name+".prom"), exposition.NewCollector(s.Devices()))
				s.Restart()
				s.Close()
			})
		})
	}
}
