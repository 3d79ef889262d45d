package synlink

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
)

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
