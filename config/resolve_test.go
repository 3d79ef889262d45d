package config

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const resolvable = `
auths:
  pdus: {username: u, password: hunter2, targets: [10.0.8.0/24, "ups1:3493"]}
  unbound: {username: u, password: hunter2}
  secured: {username: u, password: hunter2, targets: ["*"], modules: [tls]}
  "odd.name": {username: u, password: hunter2}
modules:
  tls: {collector: nut, nut: {starttls: on}}
targets:
  - {name: rack-a, address: "192.0.2.1:80", module: tls, auth: unbound, labels: {site: hq}}
  - {name: rack-b, address: ups2, module: nut}
  - {name: ups3, address: "[2001:db8::1]", module: nut}
`

func TestResolve(t *testing.T) {
	t.Parallel()
	c := mustParse(t, resolvable)
	tls, nut := c.Modules["tls"], c.Modules["nut"]
	pdus, unbound := c.Auths["pdus"], c.Auths["unbound"]
	rackA := Resolved{
		Name: "rack-a", Address: Address{Host: "192.0.2.1", Port: "80"}, ModuleName: "tls", Module: &tls,
		AuthName: "unbound", Auth: &unbound, Labels: map[string]string{"site": "hq"},
	}
	rackB := Resolved{Name: "rack-b", Address: Address{Host: "ups2", Port: "3493"}, ModuleName: "nut", Module: &nut}
	for _, tt := range []struct {
		query Query
		want  Resolved
	}{
		{Query{Target: "rack-a"}, rackA},
		{Query{Target: "rack-a", Module: "tls"}, rackA},
		{Query{Target: "rack-a", Module: "tls", Auth: "unbound"}, rackA},
		{Query{Target: "rack-b"}, rackB},
		{Query{Target: "ups3"}, Resolved{Name: "ups3", Address: Address{Host: "2001:db8::1", Port: "3493"}, ModuleName: "nut", Module: &nut}},
		{Query{Target: "UPS3", Module: "nut"}, Resolved{Address: Address{Host: "ups3", Port: "3493"}, ModuleName: "nut", Module: &nut}},
		{Query{Target: "10.0.8.5", Module: "tls"}, Resolved{Address: Address{Host: "10.0.8.5", Port: "3493"}, ModuleName: "tls", Module: &tls}},
		{
			Query{Target: "[::ffff:10.0.8.5]:80", Module: "nut", Auth: "pdus"},
			Resolved{Address: Address{Host: "10.0.8.5", Port: "80"}, ModuleName: "nut", Module: &nut, AuthName: "pdus", Auth: &pdus},
		},
		{
			Query{Target: "ups1", Module: "nut", Auth: "pdus"},
			Resolved{Address: Address{Host: "ups1", Port: "3493"}, ModuleName: "nut", Module: &nut, AuthName: "pdus", Auth: &pdus},
		},
	} {
		got, err := c.Resolve(tt.query)
		if err != nil {
			t.Errorf("%+v: %v", tt.query, err)
		}
		if diff := cmp.Diff(tt.want, got, unexported); diff != "" {
			t.Errorf("%+v: (-want +got)\n%s", tt.query, diff)
		}
	}
}

func TestResolveRefused(t *testing.T) {
	t.Parallel()
	open := mustParse(t, resolvable)
	denied := mustParse(t, resolvable+"probe: {ad_hoc_targets: deny}")
	some := mustParse(t, resolvable+"probe: {ad_hoc_targets: [ups4, 10.0.9.0/24]}")
	for _, tt := range []struct {
		config *Config
		query  Query
		reason Reason
		want   string
	}{
		{
			open,
			Query{},
			BadRequest,
			"parameter target is missing: add target= with the name of a configured target, or with an address and module=",
		},
		{open, Query{Module: "nut", Auth: "pdus"}, BadRequest, "parameter target is missing: add target= with the name of a configured target, or with an address and module="},
		{open, Query{Target: "rack-a", Module: "nut"}, BadRequest, `target "rack-a" is configured with module "tls": leave out module="nut"`},
		{open, Query{Target: "rack-a", Module: "x"}, BadRequest, `target "rack-a" is configured with module "tls": leave out module="x"`},
		{open, Query{Target: "rack-a", Auth: "pdus"}, BadRequest, `target "rack-a" is configured with auth "unbound": leave out auth="pdus"`},
		{open, Query{Target: "rack-b", Auth: "pdus"}, BadRequest, `target "rack-b" is configured without auth: leave out auth="pdus"`},
		{open, Query{Target: "rack-c"}, BadRequest, `target "rack-c" is not configured by that name, and parameter module is missing: correct the name, or add module= with one of cloudtrax, ems, nut, powerpulse, powersentrix, synlink, tls`},
		{open, Query{Target: "ups1", Module: "nut", Auth: "secured"}, Forbidden, `auth "secured" is not bound to module "nut": use module=tls, or add "nut" to auths.secured.modules in the configuration`},
		{open, Query{Target: "ups1", Module: "snmp"}, BadRequest, `unknown module "snmp": known modules are cloudtrax, ems, nut, powerpulse, powersentrix, synlink, tls`},
		{open, Query{Target: "ups1", Module: "nut", Auth: "x\ny"}, BadRequest, `unknown auth "x\ny": known auths are odd.name, pdus, secured, unbound`},
		{Default(), Query{Target: "ups1", Module: "nut", Auth: "x"}, BadRequest, `unknown auth "x": no auths are configured`},
		{open, Query{Target: "http://ups1", Module: "nut"}, BadRequest, `target "http://ups1" is not host or host:port: leave out "http://"`},
		{open, Query{Target: "0x0a.8.5", Module: "nut", Auth: "pdus"}, BadRequest, `target "0x0a.8.5" is not host or host:port: neither a host name nor an IPv4 address: write four numbers from 0 to 255 without leading zeros`},

		{open, Query{Target: "evil.example", Module: "nut", Auth: "pdus"}, Forbidden, `auth "pdus" is not bound to evil.example:3493: add "evil.example:3493" to auths.pdus.targets in the configuration, or configure the target by name`},
		{open, Query{Target: "ups1:80", Module: "nut", Auth: "pdus"}, Forbidden, `auth "pdus" is not bound to ups1:80: add "ups1:80" to auths.pdus.targets in the configuration, or configure the target by name`},
		{open, Query{Target: "192.0.2.1:80", Module: "tls", Auth: "unbound"}, Forbidden, `auth "unbound" is not bound to 192.0.2.1:80: add "192.0.2.1:80" to auths.unbound.targets in the configuration, or configure the target by name`},
		{open, Query{Target: "[::1]", Module: "nut", Auth: "odd.name"}, Forbidden, `auth "odd.name" is not bound to [::1]:3493: add "[::1]:3493" to auths["odd.name"].targets in the configuration, or configure the target by name`},
		{denied, Query{Target: "ups1", Module: "nut"}, Forbidden, `target "ups1" is not configured, and probe.ad_hoc_targets is deny: add it to targets in the configuration`},
		{some, Query{Target: "ups5", Module: "nut"}, Forbidden, `target "ups5" is not configured, and matches no pattern of probe.ad_hoc_targets: add "ups5:3493" there, or configure the target by name`},
		{some, Query{Target: "ups4", Module: "nut", Auth: "pdus"}, Forbidden, `auth "pdus" is not bound to ups4:3493: add "ups4:3493" to auths.pdus.targets in the configuration, or configure the target by name`},
		{&Config{Modules: map[string]Module{"x": {Collector: "y"}}}, Query{Target: "ups4", Module: "x"}, BadRequest, `module "x" has unknown collector "y"`},
	} {
		got, err := tt.config.Resolve(tt.query)
		refused, ok := errors.AsType[*RequestError](err)
		switch {
		case !ok:
			t.Errorf("%+v: want a RequestError, got %v, %v", tt.query, got, err)
		case refused.Reason != tt.reason || refused.Error() != tt.want:
			t.Errorf("%+v:\nwant %d %s\n got %d %s", tt.query, tt.reason, tt.want, refused.Reason, refused.Message)
		}
	}
	// The policy is for targets without credentials, and not for named ones.
	for _, tt := range []struct {
		config *Config
		query  Query
	}{
		{denied, Query{Target: "rack-a"}},
		{denied, Query{Target: "10.0.8.5", Module: "nut", Auth: "pdus"}},
		{some, Query{Target: "ups4:80", Module: "nut"}},
		{some, Query{Target: "10.0.9.1", Module: "nut"}},
		{some, Query{Target: "rack-b"}},
	} {
		if _, err := tt.config.Resolve(tt.query); err != nil {
			t.Errorf("%+v: %v", tt.query, err)
		}
	}
}

// TestSuggestedPatternWorks follows the advice of the refusal.
func TestSuggestedPatternWorks(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"ups1", "ups1.example.net.", "10.0.8.5:80", "[2001:db8::1]", "[::ffff:10.0.8.5]"} {
		a, err := nutAddress(s)
		if err != nil {
			t.Fatal(err)
		}
		auth := Auth{Targets: []string{a.String()}}
		if !auth.Allows(a) {
			t.Errorf("the pattern %s does not allow %s", a, s)
		}
	}
}
