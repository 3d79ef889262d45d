package e2e

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/e2e/program"
)

// allowed is every request that the exporter may make of any device: method,
// path, and the query parameters that say what is to be done. It reads, and
// logs in; nothing else, for ever.
var allowed = []string{
	// SynLink
	`POST /login`, `POST /api/login`, `GET /ws`,
	`GET /api/(device|inlets|banks|outlets|groups|sensors|events|conf|diagnostics)`,
	// Carlo Gavazzi EMS
	`GET /ver`, `POST /v1/auth/login`, `GET /v1/(sn|mac|devices|loads|signals|realtime)`,
	// CloudTrax, of whose GET requests some act
	`GET /time`, `GET /powerstrip/network/\d+/list`, `GET /powerstrip/\d+`,
	// PowerSentrix, of whose fn some act
	`GET /api_actions fn=[12]`,
	`POST /api/v1/user/authenticate`, `GET /api/v1/ups/(getUpsList|getUpsComplexObject|getBasicInfo|getUpsLog)`,
	// PowerPulse
	`POST /api/auth/login`, `GET /api/ups-systems(/kiosk)?`, `GET /api/ups/systems(/kiosk)?`,
}

// watched serves a simulated device, and notes what it is asked.
func watched(t *testing.T, asked *asked, device interface {
	http.Handler
	Close() error
},
) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.note(r)
		device.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		if err := device.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return server.URL
}

// asked is a set of requests.
type asked struct {
	mu  sync.Mutex
	all map[string]bool
}

// note adds a request.
func (a *asked) note(r *http.Request) {
	what := r.Method + " " + r.URL.Path
	if fn, ok := r.URL.Query()["fn"]; ok {
		what += " fn=" + strings.Join(fn, ",")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all[what] = true
}

var streamed = regexp.MustCompile(`(?m)^power_device_streamed\{.*\} 1$`)

// TestOnlyReads probes a device of each system, in each way there is, and
// compares all that was asked of them with what may be asked. An allowed request
// that nobody makes is an error too, so that the list stays true.
func TestOnlyReads(t *testing.T) {
	seen := &asked{all: map[string]bool{}}
	secret := newSecret()
	dir := room(t)
	write(t, dir, "secret", secret+"\n")

	pduUsers := []synlinksim.User{{Name: "u", Password: secret, Tokens: []string{secret}}}
	pdu := func(login string) string {
		return watched(t, seen, synlinksim.New(synlinksim.Options{Users: pduUsers, LoginPaths: []string{login}, BasicAuth: true}, synlinksim.MustRecorded("single8")))
	}
	model := emssim.MustRecorded("site")
	model.Fresh = true
	meter := watched(t, seen, emssim.New(emssim.Options{Users: []emssim.User{{Name: "u", Password: secret, Role: emssim.RoleAPI}}}, model))
	noSerial := emssim.MustRecorded("site")
	noSerial.Fresh, noSerial.SerialNumber = true, ""
	meterWithoutSerial := watched(t, seen, emssim.New(emssim.Options{Users: []emssim.User{{Name: "u", Password: secret, Role: emssim.RoleAPI}}}, noSerial))
	keys := []cloudtraxsim.Key{{Key: "k", Secret: secret}}
	cloud := cloudtraxsim.New(cloudtraxsim.Options{Keys: keys, ClockOffset: 5 * 3600e9}, cloudtraxsim.Office())
	unit := powersentrixsim.NewUPS(powersentrixsim.Options{APIKey: secret}, powersentrixsim.MustRecorded("full"))
	minimal := powersentrixsim.NewUPS(powersentrixsim.Options{APIKey: secret}, powersentrixsim.MustRecorded("minimal"))
	portal := powersentrixsim.NewPortal(powersentrixsim.PortalOptions{
		LogPath: "/ups/getUpsLog", Users: []powersentrixsim.User{{Email: "u", Password: secret}},
	}, powersentrixsim.Entry{ID: "42", Name: "one", UPS: unit})
	pulse := func(paths powerpulsesim.Paths) string {
		return watched(t, seen, powerpulsesim.New(powerpulsesim.Options{
			Users: []powerpulsesim.User{{Name: "u", Password: secret}}, Paths: paths,
		}, powerpulsesim.MustRecorded("running")))
	}
	nut, nutAddress := startNUTSim(t, nutsim.Options{}, ups{name: "homelab"})

	targets := []string{
		`{name: token, address: "` + pdu("/login") + `", module: synlink_all, auth: token}`,
		`{name: session, address: "` + pdu("/api/login") + `", module: synlink, auth: user}`,
		`{name: basic, address: "` + pdu("/login") + `", module: synlink, auth: basic}`,
		`{name: stream, address: "` + pdu("/login") + `", module: stream, auth: user}`,
		`{name: meter, address: "` + meter + `", module: ems, auth: user}`,
		`{name: other-meter, address: "` + meterWithoutSerial + `", module: ems, auth: user}`,
		`{name: network, address: "23456", module: cloudtrax, auth: key}`,
		`{name: direct, address: "` + watched(t, seen, unit) + `", module: powersentrix, auth: api}`,
		`{name: minimal, address: "` + watched(t, seen, minimal) + `", module: powersentrix, auth: api}`,
		`{name: portal, address: "` + watched(t, seen, portal) + `", module: portal, auth: user}`,
		`{name: pulse, address: "` + pulse(powerpulsesim.Running) + `", module: powerpulse, auth: user}`,
		`{name: old-pulse, address: "` + pulse(powerpulsesim.Documented) + `", module: powerpulse, auth: user}`,
		`{name: kiosk, address: "` + pulse(powerpulsesim.Running) + `", module: kiosk}`,
		`{name: old-kiosk, address: "` + pulse(powerpulsesim.Documented) + `", module: kiosk}`,
		`{name: nut, address: "` + nutAddress + `", module: nut, auth: user}`,
	}
	file := write(t, dir, "config.yml", `
auths:
  token: {token_file: secret}
  user: {username: u, password_file: secret}
  basic: {username: u, password_file: secret, basic: on}
  key: {key: k, secret_file: secret}
  api: {api_key_file: secret}
modules:
  synlink_all: {collector: synlink, synlink: {endpoints: [device, inlets, banks, outlets, sensors, groups, events, conf, diagnostics]}}
  stream: {collector: synlink, synlink: {stream: on}}
  cloudtrax: {cache_ttl: 0s, cloudtrax: {url: "`+watched(t, seen, cloud)+`"}}
  portal: {collector: powersentrix, powersentrix: {mode: portal, log_path: /ups/getUpsLog}}
  kiosk: {collector: powerpulse, powerpulse: {kiosk: on}}
targets:
- `+strings.Join(targets, "\n- ")+"\n")
	e := startExporter(t, "--config.file="+file)
	for _, line := range targets {
		name := regexp.MustCompile(`name: ([^,]+)`).FindStringSubmatch(line)[1]
		for range 2 {
			e.probe(t, "target="+url.QueryEscape(name)).want(t, map[string]string{"probe_success": "1"})
		}
	}
	program.Eventually(t, "the stream answers", func() error {
		if p := e.probe(t, "target=stream"); !streamed.MatchString(p.body) {
			return errors.New("it does not")
		}
		return nil
	})

	used := map[string]bool{}
	for _, request := range slices.Sorted(maps.Keys(seen.all)) {
		known := false
		for _, pattern := range allowed {
			if regexp.MustCompile(`^` + pattern + `$`).MatchString(request) {
				used[pattern], known = true, true
			}
		}
		if !known {
			t.Errorf("the exporter asked %s of a device", request)
		}
	}
	for _, pattern := range allowed {
		if !used[pattern] {
			t.Errorf("%s may be asked, and never is", pattern)
		}
	}
	for what, acted := range map[string][]string{"cloudtrax": cloud.Acted(), "powersentrix": unit.Acted(), "portal": portal.Acted()} {
		if len(acted) > 0 {
			t.Errorf("%s was made to act: %s", what, acted)
		}
	}
	if stats := nut.Stats(); stats.Refused > 0 || stats.Unknown > 0 {
		t.Errorf("upsd was sent what a reader does not send: %+v", stats.Commands)
	}
}
