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

// rightLogIn is the body that opens a portal with the zero options.
const rightLogIn = `{"email":"your@email.com","password":"yourPassword"}`

// entries are two UPSes, with a clock of their own.
func entries(t *testing.T) []powersentrixsim.Entry {
	t.Helper()
	options := powersentrixsim.Options{Now: simtest.NewClock(time.Date(2026, time.May, 8, 12, 32, 1, 0, time.UTC)).Now}
	return []powersentrixsim.Entry{
		{ID: "42", Name: "Server Room UPS", Description: "below the stairs", Location: "Rack A", Company: "Acme Corp", UPS: ups(t, options, "manual")},
		{ID: "7b", Name: "Gate", Offline: true, UPS: ups(t, options, "minimal")},
	}
}

// logIn gives the header of a user who has logged in.
func logIn(t *testing.T, url string) []string {
	t.Helper()
	a := simtest.Ask(t, http.MethodPost, url+"/user/authenticate", rightLogIn)
	if a.Status != http.StatusOK {
		t.Fatalf("logging in: %d %s", a.Status, a.Body)
	}
	return []string{"Authorization", "Bearer " + simtest.Decoded[struct{ Token string }](t, a.Body).Token}
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	portal, url := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{Users: []powersentrixsim.User{
		{Email: "a@example.net", Password: "1", Name: "A"}, {Email: "b@example.net", Password: "2", Name: "B"}, {Email: "c@example.net", Password: "3", Disabled: true},
	}})
	const wrong = `{"message":"invalidEmailOrPassword"}`
	for body, want := range map[string]string{
		`{"email":"a@example.net","password":"2"}`:      wrong,
		`{"email":"A@example.net","password":"1"}`:      wrong,
		`{"email":"","password":""}`:                    wrong,
		`{"email":"c@example.net","password":"1"}`:      wrong,
		`{"email":"c@example.net","password":"3"}`:      `{"message":"disabledLoginFromWeb"}`,
		`{"email":"a@example.net"}`:                     `{"message":"the body has no email or no password"}`,
		`{"email":1,"password":"secret"}`:               `{"message":"the body is no JSON object with the strings email and password"}`,
		`{"email":"` + strings.Repeat("a", 5000) + `"}`: `{"message":"the body is too long"}`,
		``: `{"message":"the body is no JSON object with the strings email and password"}`,
	} {
		if a := simtest.Ask(t, http.MethodPost, url+"/api/v1/user/authenticate", body); a.Status != http.StatusBadRequest || a.Body != want {
			t.Errorf("%.60s: %d %s", body, a.Status, a.Body)
		}
	}
	a := simtest.Ask(t, http.MethodPost, url+"/api/v1/user/authenticate", `{"email":"b@example.net","password":"2"}`)
	token, rest, _ := strings.Cut(strings.TrimPrefix(a.Body, `{"token":"`), `"`)
	if a.Status != 200 || !strings.HasPrefix(token, "eyJhbGciOiJIUzUxMiJ9.") || strings.Count(token, ".") != 2 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if !strings.HasPrefix(rest, `,"user":{"id":43,"login":"b@example.net","name":"B","role":"ROLE_USER","avatar":"iVBOR`) {
		t.Error(rest)
	}
	if a := simtest.Ask(t, http.MethodGet, url+"/api/v1/user/authenticate", ""); a.Status != 405 || a.Header.Get("Allow") != "POST" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	stats := portal.Stats()
	if stats.Logins != 1 || stats.FailedLogins != 5 || stats.Requests["POST /api/v1/user/authenticate"] != 10 || stats.Answers[400] != 9 {
		t.Errorf("%+v", stats)
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	now := simtest.NewClock(time.Date(2026, time.May, 8, 16, 30, 0, 0, time.FixedZone("", 7200)))
	all := entries(t)
	_, url := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{Now: now.Now}, all...)
	url += "/api/v1"
	header := logIn(t, url)
	const first, second = `{"id":"42","cmm":"ups-01","name":"Server Room UPS","ip":"192.168.1.100"}`, `{"id":"7b","cmm":"ups-minimal","name":"Gate"}`
	for path, want := range map[string]string{
		"/ups/getUpsList":                                `{"responseMessage":"OK","responseObject":[` + first + `,` + second + `]}`,
		"/ups/getUpsList?searchText=ROOM":                `{"responseMessage":"OK","responseObject":[` + first + `]}`,
		"/ups/getUpsList?searchText=stairs":              `{"responseMessage":"OK","responseObject":[` + first + `]}`,
		"/ups/getUpsList?searchType=PWX-2":               `{"responseMessage":"OK","responseObject":[` + second + `]}`,
		"/ups/getUpsList?searchText=gate&searchType=12-": `{"responseMessage":"OK","responseObject":[]}`,
		"/ups/getUpsComplexObject?id=42":                 `{"responseMessage":"OK","responseObject":` + string(all[0].UPS.Data()) + `}`,
		"/ups/getUpsComplexObject?id=7b":                 `{"responseMessage":"OK","responseObject":` + string(all[1].UPS.Data()) + `}`,
		"/ups/getBasicInfo?id=42":                        `{"name":"Server Room UPS","ip":"192.168.1.100","model":"PWX-12-4422","serialNumber":"PSX-2024-001234","comFirmware":"v3.2.1","mainFirmware":"v2.1.0","comUptime":"2d 14h 33m","mainUptime":"5d 02h 11m","onOffLine":"online","temperature":42,"description":"below the stairs","location":"Rack A","company":"Acme Corp","cmm":"ups-01","timestamp":"2026-05-08T14:30:00.000+0000"}`,
		"/ups/getBasicInfo?id=7b":                        `{"name":"Gate","model":"PWX-2-1222","serialNumber":"PSX-2023-000007","onOffLine":"offline","temperature":29,"description":"","location":"","company":"","cmm":"ups-minimal","timestamp":"2026-05-08T14:30:00.000+0000"}`,
	} {
		if a := simtest.Ask(t, http.MethodGet, url+path, "", header...); a.Status != 200 || a.Body != want {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	for path, want := range map[string]int{
		"/ups/getUpsComplexObject?id=41": 404, "/ups/getUpsComplexObject": 404, "/ups/getBasicInfo?id=": 404,
		"/ups/getUpsLog?id=42": 404, "/ups/": 404, "": 404, "/user": 404,
	} {
		if a := simtest.Ask(t, http.MethodGet, url+path, "", header...); a.Status != want || a.Body != `{"message":"Not Found"}` {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if a := simtest.Ask(t, http.MethodGet, strings.TrimSuffix(url, "/api/v1")+"/ups/getUpsList", "", header...); a.Status != 404 {
		t.Errorf("outside of the base path: %d", a.Status)
	}
	if a := simtest.Ask(t, http.MethodPost, url+"/ups/getUpsList", "{}", header...); a.Status != 405 {
		t.Errorf("POST: %d", a.Status)
	}
}

func TestBasePathAndIDs(t *testing.T) {
	t.Parallel()
	portal, url := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{BasePath: "/", NumberIDs: true}, entries(t)[0])
	header := logIn(t, url)
	want := `{"responseMessage":"OK","responseObject":[{"id":42,"cmm":"ups-01","name":"Server Room UPS","ip":"192.168.1.100"}]}`
	if a := simtest.Ask(t, http.MethodGet, url+"/ups/getUpsList", "", header...); a.Body != want {
		t.Error(a.Body)
	}
	portal.SetEntries(entries(t)[1])
	want = `{"responseMessage":"OK","responseObject":[{"id":"7b","cmm":"ups-minimal","name":"Gate"}]}`
	if a := simtest.Ask(t, http.MethodGet, url+"/ups/getUpsList", "", header...); a.Body != want {
		t.Error(a.Body)
	}
}

// Who has no token, or one that has ended or was made elsewhere, gets nothing.
func TestTokens(t *testing.T) {
	t.Parallel()
	now := simtest.NewClock(time.Unix(1790000000, 0))
	portal, url := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{Now: now.Now, TokenLife: time.Hour, LogPath: "/ups/log"}, entries(t)...)
	_, other := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{Now: now.Now})
	url += "/api/v1"
	right := logIn(t, url)
	foreign := logIn(t, other+"/api/v1")
	check := func(name string, want int, header ...string) {
		t.Helper()
		for _, path := range []string{"/ups/getUpsList", "/ups/getUpsComplexObject?id=42", "/ups/getBasicInfo?id=42", "/ups/log?id=42"} {
			a := simtest.Ask(t, http.MethodGet, url+path, "", header...)
			if a.Status != want || want == 401 && a.Body != `{"message":"Invalid authorization token"}` {
				t.Errorf("%s, %s: %d %s", name, path, a.Status, a.Body)
			}
		}
	}
	token := strings.TrimPrefix(right[1], "Bearer ")
	parts := strings.Split(token, ".")
	check("right", 200, right...)
	check("small", 200, "Authorization", "bearer "+token)
	for name, value := range map[string]string{
		"none": "", "only a scheme": "Bearer", "another scheme": "Basic " + token, "bare": token, "foreign": foreign[1],
		"no signature": "Bearer " + parts[0] + "." + parts[1] + ".", "garbage": "Bearer x", "a dot": "Bearer .",
		"other claims": "Bearer " + parts[0] + ".eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ." + parts[2],
		"unsigned":     "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.",
	} {
		if value == "" {
			check(name, 401)
		} else {
			check(name, 401, "Authorization", value)
		}
	}
	now.Move(time.Hour - time.Second)
	check("nearly over", 200, right...)
	now.Move(time.Second)
	check("over", 401, right...)
	right = logIn(t, url)
	check("again", 200, right...)
	portal.ExpireTokens()
	check("expired", 401, right...)
	check("and again", 200, logIn(t, url)...)
	if n := portal.Stats().Logins; n != 3 {
		t.Errorf("%d log-ins", n)
	}
	// An unknown UPS is told to nobody without a token.
	if a := simtest.Ask(t, http.MethodGet, url+"/ups/getBasicInfo?id=1", ""); a.Status != 401 {
		t.Errorf("%d", a.Status)
	}
}

func TestEventList(t *testing.T) {
	t.Parallel()
	all := entries(t)
	_, url := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{LogPath: "/ups/log"}, all...)
	url += "/api/v1"
	header := logIn(t, url)
	for range 120 {
		all[0].UPS.Record("I/E01", "Output 1 turned ON", "")
	}
	type event struct {
		ID int
	}
	ids := func(query string) (first, last, count int) {
		t.Helper()
		a := simtest.Ask(t, http.MethodGet, url+"/ups/log?id="+query, "", header...)
		list := simtest.Decoded[[]event](t, a.Body)
		if a.Status != 200 || len(list) == 0 {
			return 0, 0, len(list)
		}
		return list[0].ID, list[len(list)-1].ID, len(list)
	}
	for query, want := range map[string][3]int{
		"42":                 {10020, 9971, 50},
		"42&page=0":          {10020, 9971, 50},
		"42&page=1":          {9970, 9921, 50},
		"42&page=2":          {9920, 9901, 20},
		"42&page=3":          {0, 0, 0},
		"42&limit=1000":      {10020, 9901, 120},
		"42&page=39&limit=3": {9903, 9901, 3},
		"7b":                 {0, 0, 0},
	} {
		if first, last, count := ids(query); [3]int{first, last, count} != want {
			t.Errorf("%s: %d to %d, %d", query, first, last, count)
		}
	}
	want := `[{"id":10020,"upsId":"42","cmm":"ups-01","code":"I/E01","description":"Output 1 turned ON","params":"","timestamp":"2026-05-08T14:32:01"}]`
	if a := simtest.Ask(t, http.MethodGet, url+"/ups/log?id=42&limit=1", "", header...); a.Body != want {
		t.Error(a.Body)
	}
	if a := simtest.Ask(t, http.MethodGet, url+"/ups/log?id=7b", "", header...); a.Body != "[]" {
		t.Error(a.Body)
	}
	all[1].UPS.Record("I/E01", "Output 1 turned ON", "")
	if first, _, count := ids("7b"); first != 1009901 || count != 1 {
		t.Errorf("%d records from %d", count, first)
	}
	for query, want := range map[string]int{"41": 404, "42&page=-1": 400, "42&page=x": 400, "42&limit=": 400, "42&limit=0": 400} {
		if a := simtest.Ask(t, http.MethodGet, url+"/ups/log?id="+query, "", header...); a.Status != want {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
}

func TestPortalActed(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	portal, url := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{Logger: slog.New(slog.NewTextHandler(&log, nil))}, entries(t)...)
	url += "/api/v1"
	header := logIn(t, url)
	for _, tt := range []struct {
		method, path string
		header       []string
		status       int
	}{
		{"GET", "/ups/changePortState?id=42&port=0", header, 200},
		{"GET", "/ups/restartPort?id=42&port=11", header, 200},
		{"GET", "/ups/restartPort?id=1&port=11", header, 404},
		{"GET", "/ups/changePortState?id=42&port=1", nil, 401},
		{"POST", "/ups/changePortState", header, 405},
	} {
		a := simtest.Ask(t, tt.method, url+tt.path, "", tt.header...)
		if a.Status != tt.status || (a.Body == `{"responseMessage":"OK","responseObject":{"info":1}}`) != (a.Status == 200) {
			t.Errorf("%s: %d %s", tt.path, a.Status, a.Body)
		}
	}
	want := []string{
		`changePortState id="42" port="0"`, `restartPort id="42" port="11"`, `restartPort id="1" port="11"`,
		`changePortState id="42" port="1"`, `changePortState id="" port=""`,
	}
	if diff := cmp.Diff(want, portal.Acted()); diff != "" {
		t.Error(diff)
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 5 || strings.Contains(log.String(), "eyJ") {
		t.Errorf("%d lines: %s", n, log.String())
	}
}
