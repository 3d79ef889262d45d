package synlinksim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

// The document's example, but for the token.
func TestLogIn(t *testing.T) {
	const want = `{"username":"admin","id":"1","lastLogin":1325659007,"created":1617325133,"roleId":1,"role":{"id":1,"name":"Administrator","description":"All Permissions. At minimum need one administrator role at any time. Not Editable.","permissions":{"viewInletStats":true,"modifyInletStats":true,"viewBankStats":true,"modifyBankStats":true,"viewEventActions":true,"modifyEventActions":true,"viewNetworkSettings":true,"modifyNetworkSettings":true,"modifyLcdSettings":true,"modifyPortSettings":true,"modifyFirmwareVersion":true,"viewUsersList":true,"modifyUsers":true,"allowFactoryReset":true,"allowPduRestart":true,"modifyGlobalDeviceSettings":true,"viewGlobalDeviceSettings":true,"viewPortInfo":true,"viewOutletGroups":true,"modifyOutletGroups":true,"viewOutlets":["1-16777225","2-16777225","3-16777225","4-16777225","5-16777225","6-16777225","7-16777225","8-16777225"],"modifyOutlets":["1-16777225","2-16777225","3-16777225","4-16777225","5-16777225","6-16777225","7-16777225","8-16777225"]}}}`
	_, url := recorded(t, synlinksim.Options{}, "single8")
	a := simtest.Ask(t, http.MethodPost, url+"/login", `{"username":"admin","password":"admin"}`)
	token := a.Header.Get("Token")
	if a.Body != want || len(token) != len("4jDv3lag56ADoih2bzd") || a.Header.Get("Set-Cookie") != "SPID="+token+"; path=/" {
		t.Errorf("%v %s", a.Header, a.Body)
	}
}

func TestLogInPaths(t *testing.T) {
	for _, tt := range []struct {
		paths    []string
		old, new int
	}{
		{nil, 200, 200},
		{[]string{"/login"}, 200, 404},
		{[]string{"/api/login"}, 404, 200},
	} {
		pdu, url := recorded(t, synlinksim.Options{LoginPaths: tt.paths}, "single8")
		for path, want := range map[string]int{"/login": tt.old, "/api/login": tt.new} {
			if a := simtest.Ask(t, http.MethodPost, url+path, `{"username":"admin","password":"admin"}`); a.Status != want {
				t.Errorf("%v: %d of %s", tt.paths, a.Status, path)
			}
		}
		if writes := pdu.Stats().Writes; len(writes) != 0 {
			t.Errorf("writes: %v", writes)
		}
	}
}

func TestBadLogIns(t *testing.T) {
	for body, want := range map[string]int{
		`{"username":"admin","password":"nimda"}`:               401,
		`{"username":"Admin","password":"admin"}`:               401,
		`{"username":"admin","password":""}`:                    401,
		`{"username":"admin"}`:                                  400,
		`{"username":1,"password":"admin"}`:                     400,
		`{username:"admin",password:"admin"}`:                   400,
		`["admin","admin"]`:                                     400,
		``:                                                      400,
		"username=admin&password=admin":                         400,
		`{"username":"` + strings.Repeat("a", 5000) + `"}`:      400,
		`{"username":"admin","password":"admin"}{"more":"one"}`: 400,
	} {
		pdu, url := recorded(t, synlinksim.Options{}, "single8")
		a := simtest.Ask(t, http.MethodPost, url+"/login", body)
		stats := pdu.Stats()
		if a.Status != want || a.Header.Get("Token") != "" || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%.60s: %d %v", body, a.Status, a.Header)
		}
		if stats.Logins != 0 || stats.Sessions != 0 || stats.FailedLogins != 0 != (want == 401) {
			t.Errorf("%.60s: %+v", body, stats)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	now := simtest.NewClock(time.Unix(1790000000, 0))
	pdu, url := recorded(t, synlinksim.Options{SessionLife: time.Hour, Now: now.Now}, "single8")
	status := func(session string) int {
		t.Helper()
		return simtest.Ask(t, http.MethodGet, url+"/api/device", "", "Cookie", "SPID="+session).Status
	}
	first := logIn(t, url)
	now.Move(59 * time.Minute)
	second := logIn(t, url)
	if first == second || status(first) != 200 || status(second) != 200 || pdu.Stats().Sessions != 2 {
		t.Error("two sessions")
	}
	now.Move(time.Minute)
	if status(first) != 401 || status(second) != 200 || pdu.Stats().Sessions != 1 {
		t.Error("the first has ended")
	}
	pdu.ExpireSessions()
	if status(second) != 401 || status(logIn(t, url)) != 200 {
		t.Error("all ended")
	}
	if a := get(t, url+"/api/device"); a.Status != 200 {
		t.Error("a token never ends")
	}
	if n := pdu.Stats().Logins; n != 3 {
		t.Errorf("%d log-ins", n)
	}
}

func TestMaxSessions(t *testing.T) {
	now := simtest.NewClock(time.Unix(1790000000, 0))
	pdu, url := recorded(t, synlinksim.Options{MaxSessions: 2, SessionLife: time.Minute, Now: now.Now}, "single8")
	for i, want := range []int{200, 200, 403, 200} {
		if i == 3 {
			now.Move(time.Minute)
		}
		if a := simtest.Ask(t, http.MethodPost, url+"/login", `{"username":"admin","password":"admin"}`); a.Status != want {
			t.Errorf("%d: %d", i, a.Status)
		}
	}
	if stats := pdu.Stats(); stats.Logins != 3 || stats.FailedLogins != 0 || stats.Sessions != 1 {
		t.Errorf("%+v", stats)
	}
}

func TestLockout(t *testing.T) {
	options := synlinksim.Options{LockoutAfter: 2, Users: []synlinksim.User{{Name: "a", Password: "1", Tokens: []string{"t"}}, {Name: "b", Password: "2"}, {Name: "c"}}}
	pdu, url := recorded(t, options, "single8")
	for i, tt := range []struct {
		name, password string
		want           int
	}{
		{"a", "x", 401},
		{"a", "1", 200}, // which forgives the failure
		{"a", "x", 401},
		{"a", "x", 401},
		{"a", "1", 403},
		{"b", "2", 200},
		{"c", "", 401},
	} {
		if a := simtest.Ask(t, http.MethodPost, url+"/login", `{"username":"`+tt.name+`","password":"`+tt.password+`"}`); a.Status != tt.want {
			t.Errorf("%d: %d", i, a.Status)
		}
	}
	if a := simtest.Ask(t, http.MethodGet, url+"/api/device", "", "Authorization", "Bearer t"); a.Status != 200 {
		t.Errorf("%d for the token of who is locked out", a.Status)
	}
	if stats := pdu.Stats(); stats.FailedLogins != 5 || stats.LockedOut != 1 || stats.Logins != 2 {
		t.Errorf("%+v", stats)
	}
}
