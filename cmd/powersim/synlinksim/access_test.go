package synlinksim_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

// Who is let in by what.
func TestAccess(t *testing.T) {
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, tt := range []struct {
		name    string
		basic   bool
		headers []string
		status  int
		failed  int
	}{
		{"nothing", false, nil, 401, 0},
		{"token", false, []string{"Authorization", bearer}, 200, 0},
		{"token, scheme in lower case", false, []string{"Authorization", "bearer " + synlinksim.AdminToken}, 200, 0},
		{"wrong token", false, []string{"Authorization", "Bearer 2bCDp4lqfKEFl8r6l4x"}, 401, 0},
		{"no token", false, []string{"Authorization", "Bearer"}, 401, 0},
		{"token as a session", false, []string{"Cookie", "SPID=" + synlinksim.AdminToken}, 401, 0},
		{"session", false, []string{"Cookie", "SPID=$"}, 200, 0},
		{"session among others", false, []string{"Cookie", "a=b; SPID=old; SPID=$"}, 200, 0},
		{"session as a token", false, []string{"Authorization", "Bearer $"}, 401, 0},
		{"session in the answer's header", false, []string{"Token", "$"}, 401, 0},
		{"wrong session", false, []string{"Cookie", "SPID=4jDv3lag56ADoih2bzd"}, 401, 0},
		{"empty session", false, []string{"Cookie", "SPID="}, 401, 0},
		{"wrong token beside a session", false, []string{"Authorization", "Bearer x", "Cookie", "SPID=$"}, 401, 0},
		{"basic, not enabled", false, []string{"Authorization", basic("admin:admin")}, 401, 0},
		{"basic", true, []string{"Authorization", basic("admin:admin")}, 200, 0},
		{"basic, wrong password", true, []string{"Authorization", basic("admin:nimda")}, 401, 1},
		{"basic, wrong user", true, []string{"Authorization", basic("root:admin")}, 401, 1},
		{"basic, garbage", true, []string{"Authorization", "Basic !"}, 401, 0},
		{"another scheme", true, []string{"Authorization", "Digest username=admin"}, 401, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pdu, url := recorded(t, synlinksim.Options{BasicAuth: tt.basic}, "single8")
			session := logIn(t, url)
			headers := slices.Clone(tt.headers)
			for i := range headers {
				headers[i] = strings.ReplaceAll(headers[i], "$", session)
			}
			a := simtest.Ask(t, http.MethodGet, url+"/api/device", "", headers...)
			if a.Status != tt.status {
				t.Errorf("%d %s", a.Status, a.Body)
			}
			if a.Status == http.StatusUnauthorized && (a.Header.Get("WWW-Authenticate") != "") != tt.basic {
				t.Errorf("WWW-Authenticate: %q", a.Header.Get("WWW-Authenticate"))
			}
			if n := pdu.Stats().FailedLogins; n != tt.failed {
				t.Errorf("%d failed log-ins", n)
			}
		})
	}
}

// Each permission opens its endpoints and no other.
func TestPermissions(t *testing.T) {
	opens := map[string][]string{
		"viewGlobalDeviceSettings": {"device", "diagnostics"},
		"viewInletStats":           {"inlets"},
		"viewBankStats":            {"banks", "kwhHist"},
		"viewOutlets":              {"outlets"},
		"viewOutletGroups":         {"groups"},
		"viewPortInfo":             {"sensors"},
		"viewEventActions":         {"events", "actions"},
		"viewNetworkSettings":      {"conf"},
		"modifyOutlets":            nil,
	}
	for _, denied := range []int{0, http.StatusUnauthorized} {
		options := synlinksim.Options{Denied: denied}
		for permission := range opens {
			options.Users = append(options.Users, synlinksim.User{Name: permission, Tokens: []string{permission}, Permissions: []string{permission}})
		}
		_, url := recorded(t, options, "wye")
		for permission := range opens {
			for _, endpoints := range opens {
				for _, endpoint := range endpoints {
					want := http.StatusOK
					if !slices.Contains(opens[permission], endpoint) {
						want = max(denied, http.StatusUnauthorized)
						if denied == 0 {
							want = http.StatusForbidden
						}
					}
					if a := simtest.Ask(t, http.MethodGet, url+"/api/"+endpoint, "", "Authorization", "Bearer "+permission); a.Status != want {
						t.Errorf("%s with %s: %d", endpoint, permission, a.Status)
					}
				}
			}
		}
	}
}

// A user may see some outlets only.
func TestOutletsOfAUser(t *testing.T) {
	reader := synlinksim.User{
		Name: "reader", Password: "r", Tokens: []string{"r"},
		Permissions: []string{"viewOutlets", "viewOutletGroups", "viewBankStats"},
		Outlets:     []string{"1-16777225", "4-16777225"},
	}
	_, url := recorded(t, synlinksim.Options{Users: []synlinksim.User{reader}}, "single8")
	type outlet struct{ ID string }
	var ids []string
	for _, o := range simtest.Decoded[[]outlet](t, simtest.Ask(t, http.MethodGet, url+"/api/outlets", "", "Authorization", "Bearer r").Body) {
		ids = append(ids, o.ID)
	}
	if !slices.Equal(ids, reader.Outlets) {
		t.Errorf("outlets %v", ids)
	}
	groups := simtest.Decoded[[]struct{ Outlets []outlet }](t, simtest.Ask(t, http.MethodGet, url+"/api/groups", "", "Authorization", "Bearer r").Body)
	if len(groups) != 1 || !slices.Equal(groups[0].Outlets, []outlet{{"1-16777225"}, {"4-16777225"}}) {
		t.Errorf("groups %v", groups)
	}
	account := simtest.Decoded[struct {
		Role struct {
			Name        string
			Permissions struct {
				ViewOutlets, ModifyOutlets    []string
				ViewBankStats, ViewInletStats bool
			}
		}
	}](t, simtest.Ask(t, http.MethodPost, url+"/login", `{"username":"reader","password":"r"}`).Body).Role
	p := account.Permissions
	if account.Name != "Reader" || !slices.Equal(p.ViewOutlets, reader.Outlets) || len(p.ModifyOutlets) != 0 || !p.ViewBankStats || p.ViewInletStats {
		t.Errorf("%+v", account)
	}
}
