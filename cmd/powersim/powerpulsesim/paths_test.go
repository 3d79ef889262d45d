package powerpulsesim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
)

// Which path answers what, to whom: with a token, and without.
func TestPaths(t *testing.T) {
	t.Parallel()
	type statuses struct{ with, without int }
	open, closed, nowhere := statuses{200, 200}, statuses{200, 401}, statuses{404, 404}
	for name, tt := range map[string]struct {
		options powerpulsesim.Options
		want    map[string]statuses
	}{
		"running": {powerpulsesim.Options{}, map[string]statuses{
			"/api/ups/systems": closed, "/api/ups/systems/1": closed, "/api/ups/systems/kiosk": open,
			"/api/ups-systems": nowhere, "/api/ups-systems/1": nowhere, "/api/ups-systems/kiosk": nowhere, "/api/system/version": nowhere,
		}},
		"documented": {powerpulsesim.Options{Paths: powerpulsesim.Documented}, map[string]statuses{
			"/api/ups/systems": nowhere, "/api/ups/systems/1": nowhere, "/api/ups/systems/kiosk": nowhere,
			"/api/ups-systems": closed, "/api/ups-systems/1": closed, "/api/ups-systems/kiosk": open, "/api/system/version": open,
		}},
		"both": {powerpulsesim.Options{Paths: powerpulsesim.Both}, map[string]statuses{
			"/api/ups/systems": closed, "/api/ups/systems/1": closed, "/api/ups/systems/kiosk": open,
			"/api/ups-systems": closed, "/api/ups-systems/1": closed, "/api/ups-systems/kiosk": open, "/api/system/version": open,
		}},
		"no kiosk": {powerpulsesim.Options{Paths: powerpulsesim.Both, NoKiosk: true}, map[string]statuses{
			"/api/ups/systems": closed, "/api/ups/systems/1": closed, "/api/ups/systems/kiosk": {404, 401}, "/api/ups-systems/kiosk": {404, 401},
		}},
		"no servers": {powerpulsesim.Options{Paths: powerpulsesim.Both, NoServers: true}, map[string]statuses{
			"/api/ups/systems": {404, 401}, "/api/ups/systems/kiosk": nowhere, "/api/ups-systems": {404, 401}, "/api/ups-systems/kiosk": nowhere,
		}},
		"anywhere": {powerpulsesim.Options{Paths: powerpulsesim.Both}, map[string]statuses{
			"/": nowhere, "/api": nowhere, "/api/auth/check-setup": open, "/api/auth/login": nowhere, "/api/users": nowhere, "/api/nut/servers": nowhere,
			"/api/ups/systems/7": {404, 401}, "/api/ups/systems/0": {404, 401}, "/api/ups/systems/01": closed, "/api/ups/systems/x": {404, 401},
			"/api/ups/systems/": nowhere, "//api/ups/systems": nowhere, "/api/ups/systems/1/battery": nowhere,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, url := recorded(t, tt.options, "running")
			token := logIn(t, url)
			for path, want := range tt.want {
				if got := (statuses{get(t, url+path, token).Status, get(t, url+path, "").Status}); got != want {
					t.Errorf("%s: %v, want %v", path, got, want)
				}
				if n := server.Stats().Requests["GET "+path]; n != 2 {
					t.Errorf("%s: counted %d", path, n)
				}
			}
			if acted := server.Acted(); len(acted) != 0 {
				t.Errorf("acted %v", acted)
			}
		})
	}
}

// Two kinds of 404 that a client must tell apart, and what is in the replies
// that have nothing to do with a UPS.
func TestReplies(t *testing.T) {
	t.Parallel()
	_, url := recorded(t, powerpulsesim.Options{NoServers: true}, "running")
	_, documented := recorded(t, powerpulsesim.Options{Paths: powerpulsesim.Documented}, "empty")
	const page, reply = "text/html; charset=utf-8", "application/json; charset=utf-8"
	for _, tt := range []struct{ url, kind, body string }{
		{url + kiosk, reply, `{"message":"No NUT servers configured"}`},
		{url + "/api/ups-systems/kiosk", page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot GET /api/ups-systems/kiosk</pre>\n</body>\n</html>\n"},
		{url + "/api/auth/check-setup", reply, `{"isFirstTimeSetup":false}`},
		{documented + "/api/ups-systems/kiosk", reply, `[]`},
		{documented + "/api/system/version", reply, `{"version":"1.8.1"}`},
	} {
		if a := get(t, tt.url, ""); a.Body != tt.body || a.Header.Get("Content-Type") != tt.kind {
			t.Errorf("%s: %v %s", tt.url, a.Header, a.Body)
		}
	}
	if a := get(t, url+"/%3Cb%3E", ""); !strings.Contains(a.Body, "Cannot GET /&lt;b&gt;") {
		t.Error(a.Body)
	}
}

// Whatever would change something is refused and noted, and changes nothing.
func TestActed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		paths      powerpulsesim.Paths
		request    string
		with, none int
	}{
		{powerpulsesim.Running, "POST /api/ups/systems", 403, 401},
		{powerpulsesim.Running, "PUT /api/ups/systems/1", 403, 401},
		{powerpulsesim.Running, "PUT /api/ups/systems/1/nickname", 403, 401},
		{powerpulsesim.Running, "DELETE /api/ups/systems/1", 403, 401},
		{powerpulsesim.Running, "POST /api/ups/systems/1/battery", 403, 401},
		{powerpulsesim.Running, "POST /api/nut/servers/1/test", 403, 401},
		{powerpulsesim.Running, "DELETE /api/ups-systems/1", 404, 404},
		{powerpulsesim.Running, "POST /api/system/update", 404, 404},
		{powerpulsesim.Running, "PATCH /api/ups/systems/1", 404, 404},
		{powerpulsesim.Running, "POST /login", 404, 404},
		{powerpulsesim.Running, "PUT /api/auth/login", 404, 404},
		{powerpulsesim.Running, "POST /api/auth/setup", 404, 404},
		{powerpulsesim.Running, "POST /api/auth/register", 403, 401},
		{powerpulsesim.Running, "PUT /api/users/1", 403, 401},
		{powerpulsesim.Running, "DELETE /api/users/1", 403, 401},
		{powerpulsesim.Running, "POST /api/user-settings", 403, 401},
		{powerpulsesim.Running, "POST /api/debug/record-battery/1/98", 403, 401},
		{powerpulsesim.Running, "POST /api/debug/force-status-change", 403, 401},
		{powerpulsesim.Running, "POST /api/notifications/ups-status", 403, 401},
		{powerpulsesim.Documented, "PUT /api/ups-systems/1", 403, 401},
		{powerpulsesim.Documented, "DELETE /api/nut-servers/1", 403, 401},
		{powerpulsesim.Documented, "POST /api/system/update", 403, 401},
		{powerpulsesim.Documented, "DELETE /api/ups/systems/1", 404, 404},
	} {
		t.Run(tt.request, func(t *testing.T) {
			t.Parallel()
			server, url := recorded(t, powerpulsesim.Options{Paths: tt.paths}, "running")
			before := string(server.Systems())
			token := logIn(t, url)
			method, path, _ := strings.Cut(tt.request, " ")
			with := ask(t, method, url+path, `{"nickname":"x"}`, "Authorization", "Bearer "+token).Status
			none := ask(t, method, url+path, `{"nickname":"x"}`).Status
			if with != tt.with || none != tt.none {
				t.Errorf("%d and %d", with, none)
			}
			if acted := server.Acted(); !slices.Equal(acted, []string{tt.request, tt.request}) {
				t.Errorf("acted %v", acted)
			}
			if string(server.Systems()) != before {
				t.Error("the systems have changed")
			}
		})
	}
	server, url := recorded(t, powerpulsesim.Options{}, "running")
	for _, method := range []string{http.MethodHead, http.MethodOptions} {
		ask(t, method, url+kiosk, "")
	}
	if acted := server.Acted(); len(acted) != 0 {
		t.Errorf("acted %v", acted)
	}
}
