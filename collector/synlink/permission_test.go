package synlink

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
)

// permissions are what opens the endpoints.
var permissions = map[string][]string{
	"viewGlobalDeviceSettings": {"device", "diagnostics"},
	"viewInletStats":           {"inlets"},
	"viewBankStats":            {"banks"},
	"viewOutlets":              {"outlets"},
	"viewOutletGroups":         {"groups"},
	"viewPortInfo":             {"sensors"},
	"viewEventActions":         {"events"},
	"viewNetworkSettings":      {"conf"},
}

// TestMissingPermissions reads a PDU as users whose role lacks a permission: it
// costs the endpoints that it opens, however the PDU says so, and no log-in at
// each reading.
func TestMissingPermissions(t *testing.T) {
	t.Parallel()
	for missing, closed := range permissions {
		for _, denied := range []int{http.StatusUnauthorized, http.StatusForbidden} {
			for name, access := range map[string]Access{
				"token":   {Name: "pdu", Token: "tok3n"},
				"basic":   {Name: "pdu", Username: "reader", Password: "s3cret", Basic: true},
				"session": {Name: "pdu", Username: "reader", Password: "s3cret"},
			} {
				t.Run(fmt.Sprintf("%s %d %s", missing, denied, name), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						readWithout(t, missing, closed, denied, access)
					})
				})
			}
		}
	}
}

func readWithout(t *testing.T, missing string, closed []string, denied int, access Access) {
	t.Helper()
	user := synlinksim.User{Name: "reader", Password: "s3cret", Tokens: []string{"tok3n"}}
	for permission := range permissions {
		if permission != missing {
			user.Permissions = append(user.Permissions, permission)
		}
	}
	pdu, n := playInBubble(t, synlinksim.Options{
		Users: []synlinksim.User{user}, BasicAuth: true, Denied: denied, LockoutAfter: 1, MaxSessions: 2,
	}, "rack36")
	for _, path := range append(paths(), "/login") {
		pdu.SetFault(path, synlinksim.Fault{Delay: time.Millisecond})
	}
	o := n.options()
	o.Access = access
	c := open(t, o)
	var wantErr []string
	for _, endpoint := range endpoints {
		if slices.Contains(closed, endpoint) {
			wantErr = append(wantErr, "reading "+endpoint+": GET http://pdu.example.net/api/"+endpoint+": "+refusal(denied, access))
		}
	}
	want := told(t, pdu, closed...)
	if missing == "viewOutlets" { // which then are in no group either
		want.Outlets = nil
		for i := range want.Groups {
			want.Groups[i].Outlets = nil
		}
	}
	for range 5 {
		devices, err := collect(t, c)
		wantError(t, err, lines("$", wantErr...))
		wantDevices(t, devices, want)
		pass(time.Minute)
	}
	if stats := pdu.Stats(); stats.Logins > 1 || stats.Requests["/api/"+closed[0]] != 5 {
		t.Errorf("%+v", stats)
	}
}

// refusal is what is said of an endpoint that is closed to a user.
func refusal(status int, access Access) string {
	switch {
	case status == http.StatusForbidden:
		return `403 Forbidden: the user of auth "pdu" lacks the permission: give it in the PDU, or leave the endpoint out`
	case access.Token != "":
		return `401 Unauthorized: the token of auth "pdu" was refused, or its user lacks the permission`
	case access.Basic:
		return `401 Unauthorized: user name and password of auth "pdu" were refused, the PDU is not set to take them so (basic), or the user lacks the permission`
	}
	return `401 Unauthorized: the user of auth "pdu" is logged in, but lacks the permission: give it in the PDU, or leave the endpoint out`
}

// TestANewSessionIsNotDoubted shows on a clock that moves that the log-in of a
// reading is its only one.
func TestANewSessionIsNotDoubted(t *testing.T) {
	t.Parallel()
	user := synlinksim.User{Name: "reader", Password: "s3cret", Permissions: []string{"viewInletStats"}}
	pdu, base := play(t, synlinksim.Options{Users: []synlinksim.User{user}, Denied: http.StatusUnauthorized}, "single8")
	o := options(base)
	o.Access = Access{Name: "pdu", Username: "reader", Password: "s3cret"}
	if devices, err := collect(t, open(t, o)); err == nil || len(devices) != 1 || len(devices[0].Inlets) != 1 {
		t.Errorf("devices are %+v, %v", devices, err)
	}
	if logIns := pdu.Stats().Logins; logIns != 1 {
		t.Errorf("%d log-ins, want 1", logIns)
	}
}

// TestPermissionsAreDoubtedNowAndThen reads for hours as a user to whom half of
// the PDU is closed by 401, which is also how a PDU refuses an old session.
func TestPermissionsAreDoubtedNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		user := synlinksim.User{Name: "reader", Password: "s3cret", Permissions: []string{"viewInletStats", "viewBankStats", "viewOutlets"}}
		pdu, n := playInBubble(t, synlinksim.Options{
			Users: []synlinksim.User{user}, Denied: http.StatusUnauthorized, SessionLife: time.Hour,
		}, "single8")
		o := n.options()
		o.Access = Access{Name: "pdu", Username: "reader", Password: "s3cret"}
		c := open(t, o)
		want := told(t, pdu, "device", "sensors", "groups", "events", "conf", "diagnostics")
		const minutes = 180
		for range minutes {
			devices, err := collect(t, c)
			if err == nil {
				t.Fatal("no error")
			}
			wantDevices(t, devices, want)
			pass(time.Minute)
		}
		if logIns := pdu.Stats().Logins; logIns > minutes/10+minutes/60 {
			t.Errorf("%d log-ins in %d minutes, want one in 10, and one for each session that ended", logIns, minutes)
		}
	})
}
