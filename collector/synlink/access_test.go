package synlink

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/synlinksim"
)

// TestAccess reads a PDU twice in each way, and counts what that costs.
func TestAccess(t *testing.T) {
	t.Parallel()
	basic := loggedIn()
	basic.Basic = true
	for _, tt := range []struct {
		name    string
		options synlinksim.Options
		access  Access
		first   map[string]int // beside each endpoint once
	}{
		{"token", synlinksim.Options{}, Access{Token: synlinksim.AdminToken}, map[string]int{}},
		{"basic", synlinksim.Options{BasicAuth: true}, basic, map[string]int{}},
		{"session", synlinksim.Options{}, loggedIn(), map[string]int{"/login": 1}},
		{"session of newer firmware", synlinksim.Options{LoginPaths: []string{"/api/login"}}, loggedIn(), map[string]int{"/login": 1, "/api/login": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pdu, base := play(t, tt.options, "single8")
			o := options(base)
			o.Access = tt.access
			c := open(t, o)
			maps.Copy(tt.first, once())
			for _, want := range []map[string]int{tt.first, once()} {
				before := pdu.Stats()
				read(t, c)
				if diff := cmp.Diff(want, requests(before, pdu.Stats())); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			}
			if stats := pdu.Stats(); len(stats.Writes) > 0 || stats.MaxInFlight > 2 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

// TestTheLogInPathIsRemembered shows that a session is renewed where it began,
// and that another firmware is noticed at once.
func TestTheLogInPathIsRemembered(t *testing.T) {
	t.Parallel()
	pdu, base := play(t, synlinksim.Options{}, "single8")
	gone := synlinksim.Fault{Status: 404}
	o := options(base)
	o.Access, o.Endpoints = loggedIn(), []string{"device"}
	c := open(t, o)
	step := func(want map[string]int) {
		t.Helper()
		before := pdu.Stats()
		read(t, c)
		if diff := cmp.Diff(want, requests(before, pdu.Stats())); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		pdu.ExpireSessions()
	}
	pdu.SetFault("/login", gone)
	step(map[string]int{"/login": 1, "/api/login": 1, "/api/device": 1})
	step(map[string]int{"/api/login": 1, "/api/device": 2})
	pdu.SetFault("/login", synlinksim.Fault{})
	pdu.SetFault("/api/login", gone)
	step(map[string]int{"/login": 1, "/api/login": 1, "/api/device": 2})
	step(map[string]int{"/login": 1, "/api/device": 2})
}

// TestSessionsEnd reads a PDU once a minute whose sessions end: now and then,
// and in the middle of a reading.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{SessionLife: 10 * time.Minute}, "single8")
		o := n.options()
		o.Access = loggedIn()
		c := open(t, o)
		for range 60 {
			read(t, c)
			pass(time.Minute)
		}
		if logIns := pdu.Stats().Logins; logIns != 6 {
			t.Errorf("%d log-ins in an hour, want 6", logIns)
		}

		pass(time.Second) // the last session has begun at an earlier reading
		read(t, c)
		pass(time.Second)

		// Both workers are in the middle of a request, and have more to ask.
		slow := synlinksim.Fault{Delay: time.Second, Times: 1}
		pdu.SetFault("/api/banks", slow)
		pdu.SetFault("/api/outlets", slow)
		before := pdu.Stats()
		time.AfterFunc(time.Second/2, pdu.ExpireSessions)
		read(t, c)
		want := once()
		want["/login"], want["/api/banks"], want["/api/outlets"] = 1, 2, 2
		if diff := cmp.Diff(want, requests(before, pdu.Stats())); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// TestSessionsThatAreNotKept reads a PDU that accepts no session that it has
// given: one log-in a reading at most, and none at once again.
func TestSessionsThatAreNotKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		pdu.SetFault("/api/device", synlinksim.Fault{Status: 401})
		pdu.SetFault("/api/inlets", synlinksim.Fault{Status: 401})
		o := n.options()
		o.Access, o.Endpoints = loggedIn(), []string{"device", "inlets"}
		c := open(t, o)
		for _, tt := range []struct {
			logIns int
			after  time.Duration
		}{{1, 15 * time.Second}, {1, 15 * time.Second}, {1, 30 * time.Second}, {2, 15 * time.Second}, {2, 0}} {
			before := pdu.Stats()
			_, err := collect(t, c)
			wantError(t, err, `reading device: GET http://pdu.example.net/api/device: 401 Unauthorized: the user of auth "pdu" is logged in, but lacks the permission: give it in the PDU, or leave the endpoint out
reading inlets: GET http://pdu.example.net/api/inlets: 401 Unauthorized: the user of auth "pdu" is logged in, but lacks the permission: give it in the PDU, or leave the endpoint out`)
			if stats := pdu.Stats(); stats.Logins != tt.logIns || stats.Requests["/api/device"]-before.Requests["/api/device"] > 2 {
				t.Errorf("%d log-ins, want %d; %v", stats.Logins, tt.logIns, requests(before, stats))
			}
			pass(tt.after)
		}
	})
}

// TestRefusedCredentials shows what is said, and that what was refused is not
// sent again at once, nor ever so often that it would lock an account.
func TestRefusedCredentials(t *testing.T) {
	t.Parallel()
	wrong := Access{Name: "pdu", Username: "admin", Password: "wrong-s3cret"}
	basic := wrong
	basic.Basic = true
	const look = `: the credentials were refused: look at user name and password of auth "pdu", and at the user's state in the PDU`
	const basicText = `reading $: GET http://pdu.example.net/api/$: 401 Unauthorized: user name and password of auth "pdu" were refused, ` +
		`the PDU is not set to take them so (basic), or the user lacks the permission`
	for _, tt := range []struct {
		name    string
		options synlinksim.Options
		access  Access
		first   string // $ is an endpoint, of which each has a line
		again   string // soon after
	}{
		{
			"password",
			synlinksim.Options{},
			wrong,
			"logging in: POST http://pdu.example.net/login: 401 Unauthorized" + look,
			"logging in: POST http://pdu.example.net/login: 401 Unauthorized" + look + "; the next log-in is tried in %s, so that the account is not locked",
		},
		{
			"locked",
			synlinksim.Options{LockoutAfter: 1, LoginPaths: []string{"/api/login"}},
			wrong,
			"logging in: POST http://pdu.example.net/api/login: 401 Unauthorized" + look,
			"logging in: POST http://pdu.example.net/api/login: 401 Unauthorized" + look + "; the next log-in is tried in %s, so that the account is not locked",
		},
		{
			"no such user",
			synlinksim.Options{Users: []synlinksim.User{{Name: "somebody", Password: "else"}}},
			wrong,
			"logging in: POST http://pdu.example.net/login: 401 Unauthorized" + look,
			"logging in: POST http://pdu.example.net/login: 401 Unauthorized" + look + "; the next log-in is tried in %s, so that the account is not locked",
		},
		{
			"basic, password",
			synlinksim.Options{BasicAuth: true},
			basic, basicText,
			strings.TrimPrefix(strings.ReplaceAll(basicText, "$", "device"), "reading device: ") + "; they are sent again in %s, so that the account is not locked",
		},
		{
			"basic, not allowed",
			synlinksim.Options{},
			func() Access { a := loggedIn(); a.Basic = true; return a }(), basicText,
			strings.TrimPrefix(strings.ReplaceAll(basicText, "$", "device"), "reading device: ") + "; they are sent again in %s, so that the account is not locked",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, tt.options, "single8")
				o := n.options()
				o.Access = tt.access
				c := open(t, o)
				_, err := collect(t, c)
				wantError(t, err, lines(tt.first, endpoints...))
				attempts := total(pdu.Stats())
				tries := func() int {
					asked := pdu.Stats().Requests
					return max(asked["/login"], asked["/api/login"], asked["/api/device"])
				}
				for _, left := range []string{"45s", "30s", "15s"} {
					pass(15 * time.Second)
					_, err = collect(t, c)
					wantError(t, err, fmt.Sprintf(tt.again, left))
				}
				if n := total(pdu.Stats()); n != attempts {
					t.Errorf("%d requests within a minute, want the %d of the first reading", n, attempts)
				}

				// Half a day later.
				begun := time.Now()
				for time.Since(begun) < 12*time.Hour {
					pass(15 * time.Second)
					if _, err = collect(t, c); err == nil {
						t.Fatal("no error")
					}
				}
				// 1, 2, 4 and 8 minutes after one another, and then each 15.
				if n := tries(); n != 52 {
					t.Errorf("tried %d times in 12 hours", n)
				}
			})
		})
	}
}

// TestBasicIsForgiven shows that a password which was refused works again as
// soon as the PDU accepts it.
func TestBasicIsForgiven(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{BasicAuth: true}, "single8")
		o := n.options()
		o.Access = loggedIn()
		o.Access.Basic, o.Endpoints = true, []string{"device", "inlets"}
		c := open(t, o)
		refuse := func(status int) {
			pdu.SetFault("/api/device", synlinksim.Fault{Status: status})
			pdu.SetFault("/api/inlets", synlinksim.Fault{Status: status})
		}
		for range 2 { // the second time it has no past
			refuse(401)
			if _, err := collect(t, c); err == nil {
				t.Error("no error")
			}
			pass(firstPause)
			pdu.SetFault("/api/device", synlinksim.Fault{})
			if _, err := collect(t, c); err == nil {
				t.Error("no error")
			}
			refuse(0)
			read(t, c)
		}
		refuse(401) // but not everywhere: 403 is said to a user who is known
		pdu.SetFault("/api/inlets", synlinksim.Fault{Status: 403})
		if _, err := collect(t, c); err == nil {
			t.Error("no error")
		}
		refuse(500) // which says nothing about the password
		if _, err := collect(t, c); err == nil {
			t.Error("no error")
		}
		refuse(0)
		read(t, c)
	})
}

// TestARefusedToken shows that a token, which locks nobody out, is tried at
// each reading.
func TestARefusedToken(t *testing.T) {
	t.Parallel()
	pdu, base := play(t, synlinksim.Options{}, "single8")
	o := options(base)
	o.Access.Token = "wrong-s3cret"
	c := open(t, o)
	for i := range 2 {
		devices, err := collect(t, c)
		wantError(t, err, lines("reading $: GET "+base.String()+`/api/$: 401 Unauthorized: the token of auth "pdu" was refused, or its user lacks the permission`, endpoints...))
		if len(devices) > 0 || pdu.Stats().Requests["/api/device"] != i+1 {
			t.Errorf("%d devices, %+v", len(devices), pdu.Stats())
		}
	}
}

// TestALogInThatFails is about PDUs that do not answer a log-in as they should.
func TestALogInThatFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault synlinksim.Fault
		want  string
	}{
		{"no such path", synlinksim.Fault{Status: 404}, "POST $/api/login: 404 Not Found: is this a SynLink PDU?"},
		{"trouble", synlinksim.Fault{Status: 500}, "POST $/login: 500 Internal Server Error"},
		{"overload", synlinksim.Fault{Status: 429}, "POST $/login: 429 Too Many Requests"},
		{
			"full",
			synlinksim.Fault{Status: 403},
			`POST $/login: 403 Forbidden: the credentials were refused: look at user name and password of auth "pdu", and at the user's state in the PDU`,
		},
		{
			"a web page",
			synlinksim.Fault{Body: []byte(synlinksim.HTMLPage), ContentType: "text/html"},
			"POST $/login: the answer has no cookie SPID and no header Token: is this a SynLink PDU?",
		},
		{"empty", synlinksim.Fault{Body: []byte{}}, "POST $/login: the answer has no cookie SPID and no header Token: is this a SynLink PDU?"},
		{"hangs up", synlinksim.Fault{Reset: true}, "POST $/login: EOF"},
		{
			"elsewhere",
			synlinksim.Fault{Location: "http://login.example.net/?x=y"},
			"POST $/login: 302 Found to http://login.example.net, which is not followed: if that is the device, use it as the address",
		},
		{
			"slow",
			synlinksim.Fault{Delay: time.Minute},
			"POST $/login: no whole answer within the time of the probe: context deadline exceeded",
		},
		{"huge", synlinksim.Fault{Size: 17 << 20}, "POST $/login: the answer is larger than 16 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				pdu.SetFault("/login", tt.fault)
				pdu.SetFault("/api/login", tt.fault)
				o := n.options()
				o.Access = loggedIn()
				c := open(t, o)
				devices, err := collect(t, c)
				wantError(t, err, "logging in: "+strings.ReplaceAll(tt.want, "$", "http://pdu.example.net"))
				if stats := pdu.Stats(); len(devices) > 0 || total(stats) != stats.Requests["/login"]+stats.Requests["/api/login"] {
					t.Errorf("%d devices, %+v", len(devices), stats)
				}
				pdu.SetFault("/login", synlinksim.Fault{})
				pass(time.Minute)
				read(t, c)
			})
		})
	}
}

// TestALogInThatFailsLater shows that no more is asked once a session has ended
// and there is no other.
func TestALogInThatFailsLater(t *testing.T) {
	t.Parallel()
	pdu, base := play(t, synlinksim.Options{}, "single8")
	o := options(base)
	o.Access = loggedIn()
	c := open(t, o)
	read(t, c)
	pdu.ExpireSessions()
	pdu.SetFault("/login", synlinksim.Fault{Status: 500})
	before := pdu.Stats()
	devices, err := collect(t, c)
	failed := "logging in: POST " + base.String() + "/login: 500 Internal Server Error"
	wantError(t, err, "reading device: "+failed+"\nreading inlets: "+failed+
		"\nnot asked any more: banks, outlets, sensors, groups, events, conf, diagnostics")
	if len(devices) != 1 || devices[0].Up || devices[0].Serial != "1000016" {
		t.Errorf("devices are %+v", devices)
	}
	if n := total(pdu.Stats()) - total(before); n > 4 {
		t.Errorf("%d requests, want one of each worker and its log-in", n)
	}
}

// lines is a line for each endpoint, in which $ is its name.
func lines(line string, endpoints ...string) string {
	if !strings.Contains(line, "$") {
		return line
	}
	var all []string
	for _, endpoint := range endpoints {
		all = append(all, strings.ReplaceAll(line, "$", endpoint))
	}
	return strings.Join(all, "\n")
}

// wantError complains about another text.
func wantError(tb testing.TB, err error, want string) {
	tb.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		tb.Errorf("error (-want +got):\n%s", diff)
	}
}

// total is the number of requests.
func total(stats synlinksim.Stats) int {
	n := 0
	for _, more := range stats.Requests {
		n += more
	}
	return n
}
