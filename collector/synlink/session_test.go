package synlink

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/synlinksim"
)

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
