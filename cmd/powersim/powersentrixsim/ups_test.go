package powersentrixsim_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simtest"
)

func TestActions(t *testing.T) {
	t.Parallel()
	u, url := powersentrixsim.StartUPS(t, powersentrixsim.Options{APIKey: "k1"}, powersentrixsim.MustRecorded("full"))
	const unauthorized = `{"message":"Unauthorized"}`
	for _, tt := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/api_actions?apiKey=k1&fn=1", 200, string(u.Ident())},
		{"GET", "/api_actions?apiKey=k1&fn=2", 200, string(u.Data())},
		{"GET", "/api_actions?apiKey=k2&fn=2", 401, unauthorized},
		{"GET", "/api_actions?apiKey=&fn=2", 401, unauthorized},
		{"GET", "/api_actions?fn=1", 401, unauthorized},
		{"GET", "/api_actions?apiKey=mykey&fn=1", 401, unauthorized},
		{"GET", "/api_actions?apiKey=k2&fn=6", 401, unauthorized},
		{"GET", "/api_actions?apiKey=k1&fn=6", 400, `{"message":"Bad Request"}`},
		{"GET", "/api_actions?apiKey=k1&fn=", 400, `{"message":"Bad Request"}`},
		{"GET", "/api_actions?apiKey=k1", 400, `{"message":"Bad Request"}`},
		{"POST", "/api_actions?apiKey=k1&fn=2", 405, `{"message":"Method Not Allowed"}`},
		{"GET", "/", 404, `{"message":"Not Found"}`},
		{"GET", "/api_actions/", 404, `{"message":"Not Found"}`},
	} {
		a := simtest.Ask(t, tt.method, url+tt.path, "")
		if a.Status != tt.status || a.Body != tt.body || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %v %s", tt.method, tt.path, a.Status, a.Header, a.Body)
		}
		if (a.Header.Get("Allow") == "GET") != (tt.status == 405) {
			t.Errorf("%s %s: %v", tt.method, tt.path, a.Header)
		}
	}
	if acted := u.Acted(); acted != nil {
		t.Errorf("acted: %q", acted)
	}
	stats := u.Stats()
	want := map[string]int{"GET /api_actions": 10, "POST /api_actions": 1, "GET /": 1, "GET /api_actions/": 1}
	if diff := cmp.Diff(want, stats.Requests); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[int]int{200: 2, 400: 3, 401: 5, 404: 2, 405: 1}, stats.Answers); diff != "" {
		t.Error(diff)
	}
}

// Requests to act are recorded, whoever sends them, loudly and without the key;
// nothing changes.
func TestActed(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	options := powersentrixsim.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	u, url := powersentrixsim.StartUPS(t, options, powersentrixsim.MustRecorded("full"))
	before := string(u.Data())
	for _, tt := range []struct {
		method, query string
		status        int
	}{
		{"GET", "apiKey=mykey&fn=3&param1=0", 200},
		{"GET", "apiKey=mykey&fn=4&param1=11", 200},
		{"GET", "apiKey=mykey&fn=5&param1=2&param2=new+name", 200},
		{"GET", "apiKey=wrong&fn=3&param1=1", 401},
		{"POST", "apiKey=mykey&fn=4&param1=1", 405},
	} {
		a := simtest.Ask(t, tt.method, url+"/api_actions?"+tt.query, "")
		if a.Status != tt.status || (a.Body == `{"info":1}`) != (a.Status == http.StatusOK) {
			t.Errorf("%s: %d %s", tt.query, a.Status, a.Body)
		}
	}
	want := []string{
		`fn=3 param1="0" param2=""`, `fn=4 param1="11" param2=""`, `fn=5 param1="2" param2="new name"`,
		`fn=3 param1="1" param2=""`, `fn=4 param1="1" param2=""`,
	}
	if diff := cmp.Diff(want, u.Acted()); diff != "" {
		t.Error(diff)
	}
	if string(u.Data()) != before {
		t.Error("something has changed")
	}
	if n := strings.Count(log.String(), "level=WARN msg=\"somebody asks to act\" request="); n != 5 || strings.Contains(log.String(), "mykey") {
		t.Errorf("%d lines: %s", n, log.String())
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	u := ups(t, powersentrixsim.Options{}, "manual")
	u.Update(func(d *powersentrixsim.Data) {
		*d.UPSData.PS[0].Main = 0
		d.UPSData.Temps = nil
	})
	if got := string(u.Data()); !strings.Contains(got, `"uptime":"5d 02h 11m","ps":[{"main":0,"load":4810`) {
		t.Error(got)
	}
}

// The device's clock follows summer and winter, where it has a time zone.
func TestRecord(t *testing.T) {
	t.Parallel()
	now := simtest.NewClock(time.Date(2026, time.January, 6, 0, 0, 0, 0, time.UTC))
	zoned := ups(t, powersentrixsim.Options{Now: now.Now, LogSize: 2}, "manual")
	zoneless := ups(t, powersentrixsim.Options{Now: now.Now}, "minimal")
	elsewhere := ups(t, powersentrixsim.Options{Now: now.Now, Location: time.FixedZone("", -3600)}, "manual")
	if e := zoned.Record("I/E01", "Output 1 turned ON", ""); e.Timestamp != "2026-01-06 01:00:00" {
		t.Errorf("%+v", e)
	}
	if e := elsewhere.Record("x", "", ""); e.Timestamp != "2026-01-05 23:00:00" {
		t.Errorf("%+v", e)
	}
	now.Move(180 * 24 * time.Hour)
	zoned.Record("I/E02", "Output 1 turned OFF", "p")
	zoned.Record("I/E01", "Output 1 turned ON", "")
	want := []powersentrixsim.Event{
		{Ord: 2, Code: "I/E02", CMM: "ups-01", Description: "Output 1 turned OFF", Params: "p", Timestamp: "2026-07-05 02:00:00"},
		{Ord: 3, Code: "I/E01", CMM: "ups-01", Description: "Output 1 turned ON", Timestamp: "2026-07-05 02:00:00"},
	}
	if diff := cmp.Diff(want, zoned.Events()); diff != "" {
		t.Error(diff)
	}
	if e := zoneless.Record("x", "", ""); e.Ord != 1 || e.Timestamp != "2026-07-05 00:00:00" || e.CMM != "ups-minimal" {
		t.Errorf("%+v", e)
	}
}
