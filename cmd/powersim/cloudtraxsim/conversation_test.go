package cloudtraxsim_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// compact is a sample without the spaces between its tokens.
func compact(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("models/manual/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.String() + "\n"
}

// The document's samples come as they are printed, to the last digit.
func TestManual(t *testing.T) {
	t.Parallel()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Now: newClock().Now}, cloudtraxsim.Manual())
	at := newClock().Now()
	for path, want := range map[string]string{
		list:                                 compact(t, "list.json"),
		"/powerstrip/1":                      compact(t, "strip.json"),
		"/powerstrip/network/12345/settings": `{"enable_power_switch":false,"enable_mesh":false,"enable_upgrade":false,"firmware_tag":"stable"}` + "\n",
		"/powerstrip/network/12345/firmware_versions": `{"firmware_versions":[{"tag_id":"1","tag":"stable","build":""},{"tag_id":"6","tag":"beta","build":""}]}` + "\n",
	} {
		if a := ask(t, url, request{path: path, at: at}); a.Status != http.StatusOK || a.Body != want {
			t.Errorf("%d %s", a.Status, cmp.Diff(want, a.Body))
		}
	}
	body := ask(t, url, request{path: "/powerstrip/2", at: at}).Body
	for _, part := range []string{
		`{"powerstrip_id":2,`, `"ip":null,"last_checkin":"","need_pairing":false,"cloud_status":"down",`, `"voltage_v":0,"frequency_hz":0,"uptime_seconds":0,"active_ports":0,"ports":[{`,
		`{"port_id":6,"label":"6","enable":true,"connection_check_name":null,"current_a":0,"apparent_power_va":0,"active_power_w":0,"reactive_power_var":0,"power_factor":0}],"schedule":[],"connection_checks":[]}`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
}

func TestOffice(t *testing.T) {
	t.Parallel()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Office())
	strips := listed(t, url, cloudtraxsim.OfficeID)
	type glance struct {
		ID                    int64
		Status, LastCheckin   string
		Pairing, Surge        bool
		IP                    string
		Volts, Hertz          float64
		Uptime                int64
		Enabled, Count, Alive int
	}
	var got []glance
	for _, s := range strips {
		ip := "null"
		if s.IP != nil {
			ip = *s.IP
		}
		got = append(got, glance{s.ID, s.CloudStatus, s.LastCheckin, s.NeedPairing, s.SurgeProtectionActive, ip, s.Voltage, s.Frequency, s.Uptime, s.EnabledPorts, s.PortCount, s.ActivePorts})
	}
	if diff := cmp.Diff([]glance{
		{101, "up", "2026-02-11T08:41:27.318Z", false, true, "10.20.0.31", 118, 60, 1893604, 5, 6, 4},
		{102, "up", "2026-02-11T08:39:52.07Z", false, true, "10.20.0.32", 121, 60, 734215, 6, 6, 5},
		{103, "down", "2026-02-03T17:02:44.9Z", false, false, "", 0, 0, 0, 6, 6, 0},
		{104, "down", "", true, false, "null", 0, 0, 0, 6, 6, 0},
	}, got); diff != "" {
		t.Error(diff)
	}
	for i := range strips {
		s := strip(t, url, strips[i].ID)
		consistent(t, s)
		if s.NetworkID != cloudtraxsim.OfficeID {
			t.Errorf("network %d", s.NetworkID)
		}
		if s.ID == 101 {
			want := cloudtraxsim.Port{ID: 3, Label: "Printer", Enable: true, Current: 0.4, ApparentPower: 47.9, ActivePower: 34, ReactivePower: 33.7, PowerFactor: 0.71}
			if diff := cmp.Diff(want, s.Ports[2]); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// consistent says whether what a strip tells fits together, as far as its
// digits go.
func consistent(t *testing.T, s cloudtraxsim.Strip) {
	t.Helper()
	near := func(what string, is, want, within float64) {
		t.Helper()
		if math.Abs(is-want) > within+1e-9 {
			t.Errorf("strip %d: %s is %v, want %v", s.ID, what, is, want)
		}
	}
	active := 0
	for _, p := range s.Ports {
		if p.ApparentPower > 0 {
			active++
			near("power factor", p.PowerFactor, p.ActivePower/p.ApparentPower, 0.02)
		}
		near("apparent power", p.ApparentPower, p.Current*s.Voltage, 0.05*s.Voltage+0.1+0.5*p.Current)
		near("apparent power", math.Hypot(p.ActivePower, p.ReactivePower), p.ApparentPower, 0.15)
		if s.CloudStatus != "up" && p.Current+p.ApparentPower+p.ActivePower+p.ReactivePower+p.PowerFactor != 0 {
			t.Errorf("strip %d is down and has %+v", s.ID, p)
		}
	}
	if active != s.ActivePorts {
		t.Errorf("strip %d: %d active ports, want %d", s.ID, s.ActivePorts, active)
	}
}

func TestLarge(t *testing.T) {
	t.Parallel()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Office(), cloudtraxsim.Large(40))
	strips := listed(t, url, cloudtraxsim.LargeID)
	down, macs, ips := 0, map[string]bool{}, map[string]bool{}
	for _, s := range strips {
		macs[s.MAC] = true
		if s.CloudStatus == "down" {
			down++
		} else {
			ips[*s.IP] = true
		}
	}
	if len(strips) != 40 || down != 4 || len(macs) != 40 || len(ips) != 36 {
		t.Errorf("%d strips, %d down, %d MACs, %d addresses", len(strips), down, len(macs), len(ips))
	}
	for _, i := range []int{0, 9, 39} {
		consistent(t, strip(t, url, strips[i].ID))
	}
	if _, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Large(0)); get(t, url, "/powerstrip/network/34567/list").Body != `{"powerstrips":[]}`+"\n" {
		t.Error("an empty list is not []")
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	now := newClock().Now
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Now: now}, cloudtraxsim.Manual())
	type usage struct {
		Usage []struct {
			Time  string
			Ports map[string]struct {
				ActivePower float64 `json:"active_power_w"`
				Voltage     float64 `json:"voltage_v"`
				Current     float64 `json:"current_a"`
			}
			MemoryAvailable int `json:"memory_available"`
			Role            string
		}
	}
	for _, tt := range []struct {
		query       string
		points      int
		first, last string
	}{
		{"", 24, "2015-08-23T14:00:00Z", "2015-08-24T13:00:00Z"},
		{"?period=day", 24, "2015-08-23T14:00:00Z", "2015-08-24T13:00:00Z"},
		{"?period=2hours", 24, "2015-08-24T11:55:00Z", "2015-08-24T13:50:00Z"},
		{"?period=week", 168, "2015-08-17T14:00:00Z", "2015-08-24T13:00:00Z"},
		{"?period=month", 30, "2015-07-26T00:00:00Z", "2015-08-24T00:00:00Z"},
	} {
		u := decoded[usage](t, ask(t, url, request{path: "/powerstrip/1/usage" + tt.query, at: now()}).Body).Usage
		if len(u) != tt.points || u[0].Time != tt.first || u[len(u)-1].Time != tt.last || len(u[0].Ports) != 6 || u[0].Ports["4"].ActivePower != 26 || u[0].Ports["4"].Current != 0.3 || u[0].Ports["4"].Voltage != 115 {
			t.Errorf("%s: %d points, %+v", tt.query, len(u), u[0])
		}
	}
}

// What acts is kept, said in the log, and changes nothing.
func TestActs(t *testing.T) {
	t.Parallel()
	done := func(context string) string {
		return `{"code":1009,"context":"` + context + `","message":"Success.","values":{}}` + "\n"
	}
	readOnly := refusal("13006", "authorize", "Read-only key does not have access to all components.", "")
	noStrip := refusal("1017", "powerstrip_id", "Element not found.", "")
	for _, tt := range []struct {
		method, path string
		status       int
		body         string
		acts         bool
	}{
		{"GET", "/powerstrip/1/checkin", 200, done("checkin_powerstrip"), true},
		{"GET", "/powerstrip/1/reboot", 200, done("reboot_powerstrip"), true},
		{"GET", "/powerstrip/1/enable_pairing", 200, done("enable_pairing_powerstrip"), true},
		{"GET", "/powerstrip/1/port/6/reset", 200, done("reset_port"), true},
		{"GET", "/powerstrip/network/12345/expedite_upgrade", 200, done("expedite_upgrade"), true},
		{"GET", "/powerstrip/1/port/7/reset", 404, refusal("1017", "port_id", "Element not found.", ""), true},
		{"GET", "/powerstrip/1/port/x/reset", 400, refusal("1003", "port_id", "Id is invalid.", ""), true},
		{"GET", "/powerstrip/9/port/1/reset", 404, noStrip, true},
		{"GET", "/powerstrip/9/reboot", 404, noStrip, true},
		{"GET", "/powerstrip/network/9/expedite_upgrade", 404, refusal("12000", "network_id", "Network not found, create or migrate first.", ""), true},
		{"GET", "/powerstrip/1/reboot/", 404, refusal("1002", "request", "Request unknown or not implemented.", ""), true},
		{"POST", "/powerstrip/network/12345", 403, readOnly, true},
		{"POST", "/powerstrip/network/9", 404, refusal("12000", "network_id", "Network not found, create or migrate first.", ""), true},
		{"PUT", "/powerstrip/network/12345/settings", 403, readOnly, true},
		{"PUT", "/powerstrip/1", 403, readOnly, true},
		{"DELETE", "/powerstrip/1", 403, readOnly, true},
		{"DELETE", "/powerstrip/9", 404, noStrip, true},
		{"POST", "/time", 404, refusal("1002", "request", "Request unknown or not implemented.", ""), true},
		{"GET", "/powerstrip/1/usage?period=day", 200, "", false},
		{"HEAD", "/powerstrip/1", 200, "", false},
		{"GET", "/time", 200, "", false},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			options := cloudtraxsim.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))}
			cloud, url := cloudtraxsim.Start(t, options, cloudtraxsim.Manual())
			a := ask(t, url, request{method: tt.method, path: tt.path})
			if a.Status != tt.status || tt.body != "" && a.Body != tt.body {
				t.Errorf("%d %s", a.Status, a.Body)
			}
			path, _, _ := strings.Cut(tt.path, "?")
			var want []string
			if tt.acts {
				want = []string{tt.method + " " + path}
			}
			if acted := cloud.Acted(); !slices.Equal(acted, want) {
				t.Errorf("acted %v", acted)
			}
			if n := cloud.Stats().Requests[tt.method+" "+path]; n != 1 {
				t.Errorf("%d requests", n)
			}
			if get(t, url, "/powerstrip/1").Body != compact(t, "strip.json") {
				t.Error("the strip has changed")
			}
			if err := cloud.Close(); err != nil {
				t.Fatal(err)
			}
			if said := strings.Contains(log.String(), "acts on power strips"); said != tt.acts {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

// What acts is kept whoever sent it.
func TestUnsignedActs(t *testing.T) {
	t.Parallel()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	for _, path := range []string{"/powerstrip/1/reboot", "/powerstrip/1/checkin"} {
		if a := ask(t, url, request{path: path, edit: func(h http.Header) { clear(h) }}); a.Status != http.StatusBadRequest {
			t.Errorf("%d", a.Status)
		}
	}
	if acted := cloud.Acted(); !slices.Equal(acted, []string{"GET /powerstrip/1/reboot", "GET /powerstrip/1/checkin"}) {
		t.Errorf("acted %v", acted)
	}
}

// Networks are copied, and can be changed by Edit alone.
func TestEdit(t *testing.T) {
	t.Parallel()
	network := cloudtraxsim.Office()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, network)
	network.Strips[0].Name, network.Strips[0].Ports[0].Label = "x", "x"
	if s := strip(t, url, 101); s.Name != "Reception" || s.Ports[0].Label != "Switch" {
		t.Errorf("%+v", s)
	}
	if err := cloud.Edit(101, func(s *cloudtraxsim.Strip) { s.Name, s.IP, s.Ports = "Größe <1> & more", nil, s.Ports[:2] }); err != nil {
		t.Fatal(err)
	}
	if l := listed(t, url, cloudtraxsim.OfficeID)[0]; l.Name != "Größe <1> & more" || l.IP != nil || l.PortCount != 2 {
		t.Errorf("%+v", l)
	}
	if body := get(t, url, "/powerstrip/101").Body; !strings.Contains(body, `"name":"Größe <1> & more",`) {
		t.Error(body)
	}
	if err := cloud.Edit(1, func(*cloudtraxsim.Strip) {}); err == nil || err.Error() != "no strip 1" {
		t.Error(err)
	}
}

// Two of one id cannot be told apart.
func TestSameIDs(t *testing.T) {
	t.Parallel()
	other := cloudtraxsim.Manual()
	other.ID = 1
	for _, networks := range [][]cloudtraxsim.Network{{cloudtraxsim.Manual(), cloudtraxsim.Manual()}, {cloudtraxsim.Manual(), other}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			cloudtraxsim.New(cloudtraxsim.Options{}, networks...)
		}()
	}
}
