package powersentrix_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"power_exporter/receiver/powersentrix"
)

// TestRefusals is what is not taken, with the answer. Nothing of it is kept.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const (
		noCMM        = "malformed push: the parameter cmm is missing, which says what UPS it is: it belongs into the URL, as in ?companyId=...&cmm=ups-01"
		unauthorized = "unknown company or token"
		data         = `{"upsData": {"temps": {"board": 42}}}`
	)
	for name, test := range map[string]struct {
		target, body string
		status       int
		message      string
	}{
		"unknown company":        {"/api/setUpsData?companyId=abc124&cmm=ups-01", data, 401, unauthorized},
		"another case":           {"/api/setUpsData?companyId=ABC123&cmm=ups-01", data, 401, unauthorized},
		"name of the parameter":  {"/api/setUpsData?companyid=abc123&cmm=ups-01", data, 401, unauthorized},
		"part of a company":      {"/api/setUpsData?companyId=abc12&cmm=ups-01", data, 401, unauthorized},
		"no company":             {"/api/setUpsData?cmm=ups-01", data, 401, unauthorized},
		"empty company":          {"/api/setUpsData?companyId=&cmm=ups-01", data, 401, unauthorized},
		"two companies":          {"/api/setUpsData?companyId=abc123&companyId=hunter2&cmm=ups-01", data, 401, unauthorized},
		"the same company twice": {"/api/setUpsData?companyId=abc123&companyId=abc123&cmm=ups-01", data, 401, unauthorized},
		"no query":               {"/api/setUpsLog", data, 401, unauthorized},

		"no cmm":              {"/api/setUpsData?companyId=abc123", data, 400, "setUpsData: " + noCMM},
		"no cmm to register":  {"/api/v1/setNewUps?companyId=abc123", `{"sn": "1"}`, 400, "setNewUps: " + noCMM},
		"no cmm of an event":  {"/api/setUpsLog?companyId=abc123", `{"ord": 1, "code": "I/E01"}`, 400, "setUpsLog: " + noCMM},
		"cmm in another body": {"/api/setUpsData?companyId=abc123", `{"cmm": "ups-01", "upsData": {}}`, 400, "setUpsData: " + noCMM},
		"empty cmm":           {"/api/setUpsData?companyId=abc123&cmm=", data, 400, "setUpsData: " + noCMM},
		"blank cmm":           {"/api/setUpsData?companyId=abc123&cmm=+%0A%09", data, 400, "setUpsData: " + noCMM},
		"broken escape":       {"/api/setUpsData?companyId=abc123&cmm=%zz", data, 400, "setUpsData: " + noCMM},
		"two cmm":             {"/api/setUpsData?companyId=abc123&cmm=a&cmm=b", data, 400, "setUpsData: malformed push: the parameter cmm is in the URL 2 times"},
		"the same cmm twice":  {"/api/setUpsLog?companyId=abc123&cmm=a&cmm=a", `{"ord": 1}`, 400, "setUpsLog: malformed push: the parameter cmm is in the URL 2 times"},
		"long cmm":            {target("setUpsData", acme, strings.Repeat("x", 129)), data, 400, "setUpsData: malformed push: the device id has 129 bytes, more than 128"},
		"endless cmm":         {target("setUpsData", acme, strings.Repeat("x", 10<<10)), data, 400, "setUpsData: malformed push: the device id has 10240 bytes, more than 128"},
		"a line in cmm":       {target("setUpsData", acme, "ups\n01"), data, 400, "setUpsData: malformed push: the device id is no text in UTF-8"},
		"a zero in cmm":       {target("setUpsData", acme, "ups\x0001"), data, 400, "setUpsData: malformed push: the device id is no text in UTF-8"},
		"bad UTF-8 in cmm":    {target("setUpsData", acme, "ups\xff01"), data, 400, "setUpsData: malformed push: the device id is no text in UTF-8"},
		"long cmm of an event": {
			"/api/setUpsLog?companyId=abc123", `{"ord": 1, "cmm": "` + strings.Repeat("x", 129) + `"}`, 400,
			"setUpsLog: malformed push: the device id has 129 bytes, more than 128",
		},
		"two descriptions": {
			"/api/setNewUps?companyId=abc123&cmm=a&upsDescription=a&upsDescription=b", `{"sn": "1"}`, 400,
			"setNewUps: malformed push: the parameter upsDescription is in the URL 2 times",
		},

		"empty body":    {dataOfAcme, "", 400, "malformed push: the body is empty: a JSON object was expected"},
		"half a body":   {dataOfAcme, `{"upsData": {"temps"`, 400, "malformed push: the body ends in the middle of its JSON, after 20 bytes"},
		"no JSON":       {dataOfAcme, `upsData=1`, 400, "malformed push: the body is no JSON from byte 1 of 9 on"},
		"too deep":      {dataOfAcme, strings.Repeat("[", 65) + strings.Repeat("]", 65), 400, "malformed push: the body is JSON with more than 64 levels"},
		"a list":        {dataOfAcme, `[]`, 400, "malformed push: the body is a list where a JSON object was expected"},
		"null":          {dataOfAcme, `null`, 400, "malformed push: the body is null where a JSON object was expected"},
		"empty object":  {dataOfAcme, `{}`, 400, "setUpsData: malformed push: the JSON says nothing of a UPS: none of the members config, upsData is there"},
		"of no UPS":     {dataOfAcme, `{"companyId": "abc123"}`, 400, "setUpsData: malformed push: the JSON says nothing of a UPS: none of the members config, upsData is there"},
		"text":          {newOfAcme, `"abc123"`, 400, "malformed push: the body is text where a JSON object was expected"},
		"empty event":   {logOfAcme, `{}`, 400, "setUpsLog: malformed push: the JSON says nothing of a UPS: none of the members ord, id, code, cmm, description, params, timestamp is there"},
		"list of event": {logOfAcme, `[{"ord": 1}]`, 400, "malformed push: the body is a list where a JSON object was expected"},

		"endless body": {dataOfAcme, strings.Repeat(" ", 1<<20) + "{}", 413, "push too large: the body has 1048578 bytes, more than 1048576"},
		"too many cells": {
			dataOfAcme, `{"upsData": {"ps": [` + strings.Repeat(`{"cell": [`+strings.Repeat("1305,", 127)+`1305]},`, 9) + `{}]}}`, 413,
			`setUpsData: mapping the state of device "ups-01": push too large: it has 1161 power supplies, cells, outputs and the like, more than 1024`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir(), powersentrix.Options{})
			defer s.Close()
			s.Refuse(test.target, test.body, test.status, test.message)
		})
	}
}

// TestARefusalChangesNothing shows that what is known of a UPS stays.
func TestARefusalChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	s.push("setUpsData", "ups-01", `{"upsData": {"temps": {"board": 42}}}`)
	s.push("setUpsLog", "ups-01", `{"ord": 1, "code": "I/E01"}`)
	was, _ := s.Store.Device("ups-01")
	for _, p := range []struct{ target, body string }{
		{dataOfAcme, `{`},
		{dataOfAcme, `{}`},
		{dataOfAcme, `{"upsData": {"temps": {"board": 7}}, "config": {"outputs": [{"description": "` + strings.Repeat("x", 300_000) + `"}]}}`},
		{newOfAcme, `[]`},
		{logOfAcme, `"I/E01"`},
		{"/api/setUpsData?companyId=abc124&cmm=ups-01", `{"upsData": {"temps": {"board": 7}}}`},
	} {
		if status, _ := s.Post(p.target, p.body); status < 400 || status > 413 {
			t.Errorf("%s was answered with %d", p.target, status)
		}
	}
	if is, _ := s.Store.Device("ups-01"); is.LastSeen != was.LastSeen {
		t.Errorf("it was last seen %s, want %s", is.LastSeen, was.LastSeen)
	}
	s.Expect("celsius", `power_sensor_temperature_celsius{device="ups-01",name="",sensor="board"} 42`)
	s.Expect("events_total", `power_events_total{code="I/E01",device="ups-01",event=""} 1`)
}

// TestTooMuchState is a UPS that says more than the store keeps.
func TestTooMuchState(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	status, answer := s.Post(dataOfAcme, `{"config": {"outputs": [{"description": "`+strings.Repeat("x", 300_000)+`"}]}}`)
	if status != 413 || !strings.HasPrefix(answer, `{"message":"setUpsData: push too large: the state of a device has `) || s.Store.Len() != 0 {
		t.Errorf("it was answered with %d %s, and there are %d devices", status, answer, s.Store.Len())
	}
}

// TestPaths is what there is, and nothing else.
func TestPaths(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	for path, status := range map[string]int{
		"/api/setNewUps": 200, "/api/setUpsData": 200, "/api/setUpsLog": 200,
		"/api/v1/setNewUps": 200, "/api/v1/setUpsData": 200, "/api/v1/setUpsLog": 200,
		"/": 404, "/api": 404, "/api/": 404, "/setUpsData": 404, "/api/setupsdata": 404, "/api/setUpsData/": 404, "//api/setUpsData": 404,
		"/api/v2/setUpsData": 404, "/api/./setUpsData": 404, "/api%2FsetUpsData": 404, "/api/getUpsList": 404, "/api/set%55psData": 404,
	} {
		if got, answer := s.Post(path+"?companyId=abc123&cmm=ups-01", `{"sn": "1", "upsData": {}, "ord": 1}`); got != status {
			t.Errorf("%s was answered with %d %s, want %d", path, got, answer, status)
		}
	}
	if status, _ := s.Do(httptest.NewRequestWithContext(t.Context(), http.MethodGet, dataOfAcme, nil)); status != http.StatusMethodNotAllowed {
		t.Errorf("a GET was answered with %d", status)
	}
}

// TestOddNames are names of UPSes that are taken as they are, but for the
// blanks around them.
func TestOddNames(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	for _, cmm := range []string{
		"ups-01", " ups-02\n", `a"b`, `a\b`, `a\"}b{`, "a b", "žltá", "電源", "\u202Egnp", "<script>alert(1)</script>", "../../etc", "a/b?c&d=e#f", "#2", "null", "0",
		strings.Repeat("x", 128),
	} {
		s.push("setUpsData", cmm, `{"upsData": {"temps": {"board": 42}}}`)
		d, known := s.Store.Device(strings.TrimSpace(cmm))
		if !known || len(d.Sensors) != 1 {
			t.Errorf("%q is %+v", cmm, d)
		}
	}
	text := s.Metrics()
	if n := strings.Count(text, "\npower_device_up{"); n != 16 {
		t.Errorf("%d devices are exported:\n%s", n, text)
	}
	for _, status := range s.Store.Statuses() {
		if status.Sender != "acme" || status.Kind != powersentrix.Name || status.ID != status.Device {
			t.Errorf("a status is %+v", status)
		}
	}
}
