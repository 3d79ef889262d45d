package cloudtraxsim_test

import (
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// Who may see what, and what there is not.
func TestAccess(t *testing.T) {
	t.Parallel()
	keys := []cloudtraxsim.Key{
		{Key: "account", Secret: "a"},
		{Key: "hotel", Secret: "h", Networks: []int64{12345}},
		{Key: "", Secret: ""},
	}
	noMatch := refusal("13009", "authorize", "Network id doesn't match key.", "")
	foreign := refusal("13005", "authorize", "Unauthorized access from key hotel.", `"key":"hotel"`)
	noNetwork := refusal("12000", "network_id", "Network not found, create or migrate first.", "")
	unknown := refusal("1002", "request", "Request unknown or not implemented.", "")
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Keys: keys}, cloudtraxsim.Manual(), cloudtraxsim.Office())
	for _, tt := range []struct {
		key, path string
		status    int
		body      string // "" is not looked at
	}{
		{"account", list, 200, ""},
		{"account", "/powerstrip/network/23456/list", 200, ""},
		{"account", "/powerstrip/1", 200, ""},
		{"account", "/powerstrip/101", 200, ""},
		{"account", "/powerstrip/network/1/list", 404, noNetwork},
		{"account", "/powerstrip/network/1/settings", 404, noNetwork},
		{"account", "/powerstrip/network/1/firmware_versions", 404, noNetwork},
		{"account", "/powerstrip/network/x/list", 400, refusal("1003", "network_id", "Id is invalid.", "")},
		{"account", "/powerstrip/999", 404, refusal("1017", "powerstrip_id", "Element not found.", "")},
		{"account", "/powerstrip/999/usage", 404, refusal("1017", "powerstrip_id", "Element not found.", "")},
		{"account", "/powerstrip/x", 400, refusal("1003", "powerstrip_id", "Id is invalid.", "")},
		{"account", "/powerstrip/1/usage?period=year", 400, refusal("1000", "period", "Exception: Unknown period.", `"reason":"Unknown period."`)},
		{"account", "/", 404, unknown},
		{"account", "/powerstrip", 404, unknown},
		{"account", "/powerstrip/1/", 404, unknown},
		{"account", "/powerstrips/network/12345/list", 404, unknown},
		{"account", "/network/list", 404, unknown},
		{"hotel", list, 200, ""},
		{"hotel", "/powerstrip/network/12345/settings", 200, ""},
		{"hotel", "/powerstrip/2", 200, ""},
		{"hotel", "/powerstrip/network/23456/list", 403, noMatch},
		{"hotel", "/powerstrip/network/23456/settings", 403, noMatch},
		{"hotel", "/powerstrip/network/1/list", 403, noMatch},
		{"hotel", "/powerstrip/101", 403, foreign},
		{"hotel", "/powerstrip/101/usage", 403, foreign},
	} {
		t.Run(tt.key+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			secret := tt.key[:1]
			a := ask(t, url, request{path: tt.path, key: tt.key, secret: secret})
			if a.Status != tt.status || tt.body != "" && a.Body != tt.body {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
}

// Who is not known learns nothing, not even what there is.
func TestUnsigned(t *testing.T) {
	t.Parallel()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	for _, path := range []string{"/", list, "/powerstrip/1", "/powerstrip/999", "/powerstrip/1/reboot", "/nothing"} {
		a := ask(t, url, request{path: path, edit: func(h http.Header) { h.Del("Authorization") }})
		if a.Body != refusal("13001", "authorize", "No nonce or timestamp in header.", "") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}
