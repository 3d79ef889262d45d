package torture

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/synlinksim"
)

// system is one kind of device with a web server, and a way to read it.
type system struct {
	name   string // of its chapter in the document
	about  string // what it is, and which requests there are
	auth   string
	module string               // what its module has, beside timeout and TLS; $url is the device's
	target func(*device) string // its address
	sim    func(stage string) http.Handler
	stages []stage
}

// identity is the stage of a UPS that does not say who it is.
const identity = "identity"

// ownKey is an auth for each cell.
const ownKey = "key"

// mostCells is more than there are. Each has a key of its own at a service that
// may ask to be left alone, since that is asked of whoever has the key.
const mostCells = 2000

// played serves a simulator until the test ends.
func played[D interface {
	http.Handler
	Close() error
}](t *testing.T, sim D,
) http.Handler {
	t.Helper()
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}

// withoutIdentity is a UPS that leaves out of its readings who it is.
func withoutIdentity(ups http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		ups.ServeHTTP(answer, r)
		var said map[string]map[string]any
		if json.Unmarshal(answer.Body.Bytes(), &said) == nil && said["config"] != nil {
			delete(said["config"], "ident")
			answer.Body.Reset()
			_ = json.NewEncoder(answer.Body).Encode(said) // it was JSON
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// itself is the address of a target that is the device.
func itself(d *device) string { return d.url }

// to matches requests by the beginnings of their paths.
func to(paths ...string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		for _, path := range paths {
			if strings.HasPrefix(r.URL.Path, path) {
				return true
			}
		}
		return false
	}
}

// systems is the systems with a web API.
func systems(t *testing.T) []system {
	t.Helper()
	users := []synlinksim.User{{Name: "u", Password: secret}}
	unit := powersentrixsim.NewUPS(powersentrixsim.Options{APIKey: secret}, powersentrixsim.MustRecorded("full"))
	full := played(t, unit)
	other := powersentrixsim.NewUPS(powersentrixsim.Options{APIKey: secret}, powersentrixsim.MustRecorded("manual").As("ups-2", "PSX-2"))
	fn := func(n string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.URL.Query().Get("fn") == n }
	}
	return []system{
		{
			name: "SynLink, by requests", auth: "user", module: "collector: synlink", target: itself,
			about: "A PDU with 8 outlets, a log-in and a request for each endpoint. An endpoint that fails costs what it tells.",
			sim: func(string) http.Handler {
				return played(t, synlinksim.New(synlinksim.Options{Users: users}, synlinksim.MustRecorded("single8")))
			},
			stages: []stage{
				// The session is in the head of the answer, whose body nobody needs.
				{name: "log-in", logIn: true, faulty: to("/login", "/api/login"), harmless: []string{"UTF-16", compressed}},
				{name: "all readings", wide: true, faulty: to("/api/device", "/api/inlets", "/api/banks", "/api/outlets", "/api/groups", "/api/sensors", "/api/events")},
				// An older PDU has no such path.
				{name: "outlets", faulty: to("/api/outlets"), harmless: []string{"404 Not Found"}},
			},
		},
		{
			name: "SynLink, by stream", auth: "user", module: "collector: synlink, synlink: {stream: on}", target: itself,
			about: "The same PDU. While the stream fails, its readings are asked for by requests, so that no probe fails: `power_device_streamed` is 0, and the log says why once.",
			sim: func(string) http.Handler {
				return played(t, synlinksim.New(synlinksim.Options{Users: users, StreamPeriod: streamPeriod}, synlinksim.MustRecorded("single8")))
			},
			stages: []stage{{name: "stream", stream: true, faulty: to("/ws")}},
		},
		{
			name: "Carlo Gavazzi EMS", auth: "user", module: "collector: ems, ems: {metadata_ttl: 1ms}", target: itself,
			about: "An EMS with its meters: a log-in, lists of devices, loads and signals, which are otherwise remembered for `metadata_ttl`, and a list of values.",
			sim: func(string) http.Handler {
				model := emssim.MustRecorded("site")
				model.Fresh = true
				return played(t, emssim.New(emssim.Options{Users: []emssim.User{{Name: "u", Password: secret, Role: emssim.RoleAPI}}}, model))
			},
			stages: []stage{
				{name: "log-in", logIn: true, faulty: to("/v1/auth/login")},
				{name: "signals", faulty: to("/v1/signals")},
				{name: "values", faulty: to("/v1/realtime")},
			},
		},
		{
			name: "CloudTrax", auth: ownKey, module: `collector: cloudtrax, cache_ttl: 0s, cloudtrax: {url: "$url"}`,
			target: func(*device) string { return "23456" },
			about:  "A network of four power strips, of which two are down: a list, and a request for the outlets of each strip. No log-in, since every request is signed. While the service does not give the list it says nothing of the strips, so that none is there, down ones included; but if it asks to be left alone, the reading of before is served for a while, with its age.",
			sim: func(string) http.Handler {
				var keys []cloudtraxsim.Key
				for i := range mostCells {
					keys = append(keys, cloudtraxsim.Key{Key: fmt.Sprint("key-", i), Secret: secret})
				}
				return played(t, cloudtraxsim.New(cloudtraxsim.Options{Keys: keys}, cloudtraxsim.Office()))
			},
			stages: []stage{
				// The reading of before is served until the service may be asked again.
				{name: "list", faulty: to("/powerstrip/network/"), harmless: []string{"429 Too Many Requests"}},
				{name: "one strip", faulty: to("/powerstrip/101"), harmless: []string{"429 Too Many Requests"}},
			},
		},
		{
			name: "PowerSentrix, direct", auth: "api", module: "collector: powersentrix", target: itself,
			about: "A UPS: one request for its readings (`fn=2`), and one for who it is (`fn=1`) if the readings do not say that; each with the API key.",
			sim: func(stage string) http.Handler {
				if stage == identity {
					return withoutIdentity(unit)
				}
				return full
			},
			stages: []stage{
				{name: "readings", faulty: fn("2")},
				// Some UPSes do not know the function.
				{name: identity, faulty: fn("1"), harmless: []string{"404 Not Found", "null"}},
			},
		},
		{
			name: "PowerSentrix, portal", auth: "user", module: "collector: powersentrix, powersentrix: {mode: portal}", target: itself,
			about: "A portal with two UPSes: a log-in, a list, and a request for each UPS.",
			sim: func(string) http.Handler {
				return played(t, powersentrixsim.NewPortal(powersentrixsim.PortalOptions{
					Users: []powersentrixsim.User{{Email: "u", Password: secret}},
				}, powersentrixsim.Entry{ID: "42", Name: "one", UPS: unit}, powersentrixsim.Entry{ID: "43", Name: "two", UPS: other}))
			},
			stages: []stage{
				{name: "log-in", logIn: true, faulty: to("/api/v1/user/authenticate")},
				{name: "list", faulty: to("/api/v1/ups/getUpsList")},
				{name: "one UPS", faulty: func(r *http.Request) bool { return r.URL.Query().Get("id") == "42" }},
			},
		},
		{
			name: "PowerPulse", auth: "user", module: "collector: powerpulse", target: itself,
			about: "A server that shows several UPSes: a log-in and one request for all of them.",
			sim: func(string) http.Handler {
				return played(t, powerpulsesim.New(powerpulsesim.Options{Users: []powerpulsesim.User{{Name: "u", Password: secret}}}, powerpulsesim.MustRecorded("running")))
			},
			stages: []stage{
				{name: "log-in", logIn: true, faulty: to("/api/auth/login")},
				{name: "readings", faulty: to("/api/ups")},
			},
		},
	}
}
