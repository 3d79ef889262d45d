package web

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/power"
	"power_exporter/receiver"
)

// group is a target group as Prometheus reads it.
type group struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// discovered is what /sd answers with a 200.
func discovered(tb testing.TB, r *httptest.ResponseRecorder) []group {
	tb.Helper()
	if r.Code != http.StatusOK || r.Header().Get("Content-Type") != "application/json" {
		tb.Fatalf("%d %s", r.Code, r.Body)
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	groups := []group{}
	if err := decoder.Decode(&groups); err != nil {
		tb.Fatal(err)
	}
	return groups
}

// instances are the instances of groups.
func instances(groups []group) []string {
	found := make([]string, len(groups))
	for i, g := range groups {
		found[i] = g.Labels["instance"]
	}
	return found
}

// equal fails the test if got is not want.
func equal(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const fleetConfig = `
targets:
  - {name: rack-a, address: one, module: nut, labels: {site: hq, rack: a1}}
  - {name: rack-b, address: two, module: nut, labels: {site: hq, rack: b1}}
  - {name: cellar, address: three, module: nut, labels: {site: home}}
  - {name: attic, address: four, module: nut}
`

func TestDiscoveryIsAsDocumented(t *testing.T) {
	t.Parallel()
	r := ask(t, serve(t, options(parsed(t, fleetConfig), nil)), "GET", "/sd")
	const want = `[{"targets":["exporter.example.net:10493"],"labels":{"__metrics_path__":"/probe","__scheme__":"http","__param_target":"rack-a","instance":"rack-a","rack":"a1","site":"hq"}},
{"targets":["exporter.example.net:10493"],"labels":{"__metrics_path__":"/probe","__scheme__":"http","__param_target":"rack-b","instance":"rack-b","rack":"b1","site":"hq"}},
{"targets":["exporter.example.net:10493"],"labels":{"__metrics_path__":"/probe","__scheme__":"http","__param_target":"cellar","instance":"cellar","site":"home"}},
{"targets":["exporter.example.net:10493"],"labels":{"__metrics_path__":"/probe","__scheme__":"http","__param_target":"attic","instance":"attic"}}]
`
	equal(t, "answer", r.Body.String(), want)
	equal(t, "headers", r.Header(), http.Header{
		"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}, "X-Content-Type-Options": {"nosniff"},
	})
	// No target is no error: Prometheus would keep the targets it had.
	for _, query := range []string{"", "?devices=true"} {
		if r := ask(t, serve(t, options(parsed(t, ""), nil)), "GET", "/sd"+query); r.Code != http.StatusOK || r.Body.String() != "[]\n" {
			t.Errorf("no targets: %d %q", r.Code, r.Body)
		}
	}
}

// TestLabelsOfTargets shows what becomes of labels that mean something to
// Prometheus, and of odd ones.
func TestLabelsOfTargets(t *testing.T) {
	t.Parallel()
	o := options(parsed(t, `
targets:
  - {name: 'a "b" \ <c> é & 日本', address: one, module: nut, labels: {instance: basement, job: ups, owner: x, empty: "", site: 'h"q\'}}
  - {name: plain, address: two, module: nut, labels: {instance: ""}}
`), readings{"one": named("u1", "u/2 <é>"), "two": named("u1")})
	name := `a "b" \ <c> é & 日本`
	common := func(more map[string]string) group {
		labels := map[string]string{"__metrics_path__": "/probe", "__scheme__": "http", "__param_target": name, "job": "ups", "owner": "x", "empty": "", "site": `h"q\`}
		maps.Copy(labels, more)
		return group{Targets: []string{"exporter.example.net:10493"}, Labels: labels}
	}
	plain := func(more map[string]string) group {
		g := group{Targets: []string{"exporter.example.net:10493"}, Labels: map[string]string{"__metrics_path__": "/probe", "__scheme__": "http", "__param_target": "plain"}}
		maps.Copy(g.Labels, more)
		return g
	}
	equal(t, "groups", discovered(t, ask(t, serve(t, o), "GET", "/sd")), []group{
		common(map[string]string{"instance": "basement"}), plain(map[string]string{"instance": "plain"}),
	})
	equal(t, "groups of devices", discovered(t, ask(t, serve(t, o), "GET", "/sd?devices=true")), []group{
		common(map[string]string{"instance": "basement/u1", "__param_device": "u1"}),
		common(map[string]string{"instance": "basement/u/2 <é>", "__param_device": "u/2 <é>"}),
		plain(map[string]string{"instance": "plain/u1", "__param_device": "u1"}),
	})
}

// TestAddressesHandedOut shows where Prometheus is told to go.
func TestAddressesHandedOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host, external string
		tls            bool
		target, scheme string
		path           string
	}{
		{host: "exporter.example.net:10493", target: "exporter.example.net:10493", scheme: "http", path: "/probe"},
		{host: "exporter.example.net", tls: true, target: "exporter.example.net", scheme: "https", path: "/probe"},
		{host: "10.0.0.1:80", target: "10.0.0.1:80", scheme: "http", path: "/probe"},
		{host: "[2001:db8::1]:10493", target: "[2001:db8::1]:10493", scheme: "http", path: "/probe"},
		{host: "[2001:db8::1]", tls: true, target: "[2001:db8::1]", scheme: "https", path: "/probe"},
		{host: "inside:1", external: "https://power.example.net", target: "power.example.net", scheme: "https", path: "/probe"},
		{host: "inside:1", tls: true, external: "http://power.example.net:8080/", target: "power.example.net:8080", scheme: "http", path: "/probe"},
		{host: "inside:1", external: "https://[2001:db8::1]:8443/a/power exporter/", target: "[2001:db8::1]:8443", scheme: "https", path: "/a/power exporter/probe"},
		{host: "", external: "https://power.example.net", target: "power.example.net", scheme: "https", path: "/probe"},
	} {
		o := options(parsed(t, "targets: [{name: a, address: b, module: nut}]"), nil)
		o.ExternalURL = c.external
		request := httptest.NewRequestWithContext(t.Context(), "GET", "/sd", nil)
		request.Host = c.host
		if c.tls {
			request.TLS = &tls.ConnectionState{}
		}
		equal(t, c.host+" "+c.external, discovered(t, do(serve(t, o), request)), []group{{
			Targets: []string{c.target},
			Labels:  map[string]string{"__metrics_path__": c.path, "__scheme__": c.scheme, "__param_target": "a", "instance": "a"},
		}})
	}

	for _, host := range []string{"", ":10493", "a/b", "a@b", "a b", "a?b", "a#b", "a:port", "[::1", "[::1]x", "a\nb", "a\x00b"} {
		request := httptest.NewRequestWithContext(t.Context(), "GET", "/sd", nil)
		request.Host = host
		want := fmt.Sprintf("the request is for host %q, which is no address to hand out: ask under another, or start the exporter with --web.external-url\n", host)
		if r := do(serve(t, options(parsed(t, ""), nil)), request); r.Code != http.StatusBadRequest || r.Body.String() != want {
			t.Errorf("host %q: %d %s", host, r.Code, r.Body)
		}
	}
}

func TestExternalURLsThatAreNone(t *testing.T) {
	t.Parallel()
	const like = ": it must be like https://power.example.net/exporter, with nothing behind the path"
	for text, want := range map[string]string{
		"power.example.net":              `the external URL is "power.example.net"` + like,
		"/exporter":                      `the external URL is "/exporter"` + like,
		"ftp://power.example.net":        `the external URL is "ftp://power.example.net"` + like,
		"https://":                       `the external URL is "https://"` + like,
		"https://:8080/":                 `the external URL is "https://:8080/"` + like,
		"https://power.example.net/?a=b": `the external URL is "https://power.example.net/?a=b"` + like,
		"https://power.example.net/#a":   `the external URL is "https://power.example.net/#a"` + like,
		"https://u:" + secret + "@h/":    "the external URL of h has a user name: leave it out",
		"http://[::1":                    `the external URL cannot be read: parse "http://[::1": missing ']' in host`,
	} {
		o := options(parsed(t, ""), nil)
		o.ExternalURL = text
		if _, err := New(o); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestSelections(t *testing.T) {
	t.Parallel()
	o := options(parsed(t, fleetConfig), readings{"one": named("u1", "u2"), "two": named("u1"), "three": named("u1")})
	o.Pushed = func() []receiver.Status { return []receiver.Status{{ID: "ups-01"}, {ID: "ups-02"}} }
	handler := serve(t, o)
	for query, want := range map[string][]string{
		"":                                   {"rack-a", "rack-b", "cellar", "attic"},
		"devices=false":                      {"rack-a", "rack-b", "cellar", "attic"},
		"devices=&shard=":                    {"rack-a", "rack-b", "cellar", "attic"},
		"match=site%3Dhq":                    {"rack-a", "rack-b"},
		"match=site=hq":                      {"rack-a", "rack-b"},
		"match=site!=hq":                     {"cellar", "attic"},
		"match=site=":                        {"attic"},
		"match=site!=":                       {"rack-a", "rack-b", "cellar"},
		"match=site=hq&match=rack=b1":        {"rack-b"},
		"match=site=hq&match=site=home":      {},
		"match=site!=hq&match=site!=home":    {"attic"},
		"match=nosuch=x":                     {},
		"match=instance=attic":               {"attic"},
		"match=__param_target!=attic":        {"rack-a", "rack-b", "cellar"},
		"match=site=hq=x":                    {},
		"devices=true":                       {"rack-a/u1", "rack-a/u2", "rack-b/u1", "cellar/u1", "attic", "push/ups-01", "push/ups-02"},
		"devices=1&match=__param_module=":    {"rack-a/u1", "rack-a/u2", "rack-b/u1", "cellar/u1", "attic"},
		"devices=1&match=__param_module!=":   {"push/ups-01", "push/ups-02"},
		"devices=1&match=site=hq":            {"rack-a/u1", "rack-a/u2", "rack-b/u1"},
		"devices=1&match=instance=rack-a":    {"rack-a/u1", "rack-a/u2"}, // that of the target
		"devices=1&match=instance=rack-a/u1": {},
		"devices=1&match=__param_target=ups-02&match=instance=push/ups-02": {"push/ups-02"},
	} {
		equal(t, query, instances(discovered(t, ask(t, handler, "GET", "/sd?"+query))), want)
	}
}

func TestBadSelections(t *testing.T) {
	t.Parallel()
	handler := serve(t, options(parsed(t, fleetConfig), nil))
	for query, want := range map[string]string{
		"device=a":                   `unknown parameter "device": known are devices, match, shard`,
		"z=1&target=a":               `unknown parameter "target": known are devices, match, shard`,
		"devices=yes":                `parameter devices is "yes": it must be true or false`,
		"devices=true&devices=true":  `parameter devices is given 2 times: give it once`,
		"shard=0/3&shard=1/3":        `parameter shard is given 2 times: give it once`,
		"match=":                     `parameter match is "": it must be like site=hq or site!=hq`,
		"match=site":                 `parameter match is "site": it must be like site=hq or site!=hq`,
		"match=site=hq&match==x":     `parameter match is "=x": "" is no name of a label`,
		"match=!=x":                  `parameter match is "!=x": "" is no name of a label`,
		"match=a-b=x":                `parameter match is "a-b=x": "a-b" is no name of a label`,
		"match=site!!=x":             `parameter match is "site!!=x": "site!" is no name of a label`,
		"match=site=~h.*":            `parameter match is "site=~h.*": regular expressions are not known, it must be like site=hq or site!=hq`,
		"match=site!~h.*":            `parameter match is "site!~h.*": regular expressions are not known, it must be like site=hq or site!=hq`,
		"match=site~=h":              `parameter match is "site~=h": regular expressions are not known, it must be like site=hq or site!=hq`,
		"match=site=<script>&device": `unknown parameter "device": known are devices, match, shard`,
		"shard=1":                    `parameter shard is "1": it must be like 0/3, which is the first of three`,
		"shard=a/3":                  `parameter shard is "a/3": it must be like 0/3, which is the first of three`,
		"shard=0/b":                  `parameter shard is "0/b": it must be like 0/3, which is the first of three`,
		"shard=0/0":                  `parameter shard is "0/0": it must be like 0/3, which is the first of three`,
		"shard=-1/3":                 `parameter shard is "-1/3": it must be like 0/3, which is the first of three`,
		"shard=0/1/2":                `parameter shard is "0/1/2": it must be like 0/3, which is the first of three`,
		"shard=3/3":                  `parameter shard is "3/3": shards are counted from 0, so the last one is 2/3`,
		"shard=0/10001":              `parameter shard is "0/10001": there can be at most 10000`,
		"%zz":                        `the query cannot be read: invalid URL escape "%zz"`,
		"devices=true;match=a=b":     `the query cannot be read: invalid semicolon separator in query`,
	} {
		if r := ask(t, handler, "GET", "/sd?"+query); r.Code != http.StatusBadRequest || r.Body.String() != want+"\n" {
			t.Errorf("%s: %d %s; want %s", query, r.Code, r.Body, want)
		}
	}
}

// TestShards shows that every target is in one shard and always in the same,
// with all of its devices, and that shards are about as large as each other.
func TestShards(t *testing.T) {
	t.Parallel()
	const n = 3000
	var text strings.Builder
	text.WriteString("targets:\n")
	answers := readings{}
	for i := range n {
		// Names of which the last digit is even are what a weak hash fails on.
		fmt.Fprintf(&text, "  - {name: rack-%d, address: h%d, module: nut}\n", i*2, i)
		answers[fmt.Sprintf("h%d", i)] = named("u1", "u2")
	}
	o := options(parsed(t, text.String()), answers)
	o.Pushed = func() (all []receiver.Status) {
		for i := range n {
			all = append(all, receiver.Status{ID: fmt.Sprintf("ups-%d", i)})
		}
		return all
	}
	handler := serve(t, o)
	whole := instances(discovered(t, ask(t, handler, "GET", "/sd?devices=true")))
	if len(whole) != 3*n {
		t.Fatalf("%d groups, want %d", len(whole), 3*n)
	}
	for _, shards := range []int{1, 2, 3, 10} {
		var union []string
		for shard := range shards {
			part := instances(discovered(t, ask(t, handler, "GET", fmt.Sprintf("/sd?devices=true&shard=%d/%d", shard, shards))))
			if share := 3 * n / shards; len(part) < share*85/100 || len(part) > share*115/100 {
				t.Errorf("shard %d/%d has %d of %d", shard, shards, len(part), len(whole))
			}
			for i := 0; i < len(part) && strings.HasPrefix(part[i], "rack-"); i += 2 {
				if strings.TrimSuffix(part[i], "/u1")+"/u2" != part[i+1] {
					t.Fatalf("shard %d/%d: %s without its other device", shard, shards, part[i])
				}
			}
			union = append(union, part...)
		}
		slices.Sort(union)
		sorted := slices.Sorted(slices.Values(whole))
		if !slices.Equal(union, sorted) {
			t.Errorf("%d shards have %d groups, want %d, each once", shards, len(union), len(whole))
		}
	}
}

// TestShardsNeverChange holds the hash to what it was: another one would move
// targets from one Prometheus to another.
func TestShardsNeverChange(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"rack-a": "0/3", "rack-b": "0/3", "cellar": "0/3", "ups-01": "1/3", "": "1/3", "attic": "2/3", "mast-1": "2/3"} {
		for _, shard := range []string{"0/3", "1/3", "2/3"} {
			s, err := parseSelection("shard=" + shard)
			if err != nil {
				t.Fatal(err)
			}
			if s.inShard(name) != (shard == want) {
				t.Errorf("%q in %s: %v, want it in %s", name, shard, s.inShard(name), want)
			}
		}
	}
}

// TestDevicesSurviveAFailure shows that a target that cannot be read keeps its
// devices, and one that never could be read is listed without.
func TestDevicesSurviveAFailure(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	var asked atomic.Int32
	flaky := func(context.Context) ([]power.Device, error) {
		asked.Add(1)
		if down.Load() {
			return nil, errors.New("no route to host")
		}
		return []power.Device{{ID: "u1", Up: true}, {ID: "u2"}}, nil
	}
	o := options(parsed(t, fleetConfig), readings{"one": flaky, "two": nil, "three": named("u1")})
	handler := serve(t, o)
	want := []string{"rack-a/u1", "rack-a/u2", "rack-b", "cellar/u1", "attic"}
	list := func() []string { return instances(discovered(t, ask(t, handler, "GET", "/sd?devices=true"))) }
	equal(t, "at first", list(), want)
	down.Store(true)
	probed(t, o, "target=rack-a", "target=rack-a&device=u1")
	equal(t, "after failures", list(), want)
	if asked.Load() != 3 {
		t.Errorf("asked %d times, want once for the list and twice for probes", asked.Load())
	}
	down.Store(false)
	probed(t, o, "target=rack-a&ups=u1")
	equal(t, "after a probe of a part", list(), want)
}

// TestListIsInTime shows that a list with devices comes before Prometheus gives
// up, with what there is.
func TestListIsInTime(t *testing.T) {
	for _, c := range []struct {
		interval string
		want     time.Duration
	}{
		{"", 10 * time.Second},
		{"60", 10 * time.Second},
		{"5", 2500 * time.Millisecond},
		{"0.5", 250 * time.Millisecond},
		{"0", 10 * time.Second},
		{"-1", 10 * time.Second},
		{"NaN", 10 * time.Second},
		{"soon", 10 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			hangs := func(ctx context.Context) ([]power.Device, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			o := options(parsed(t, "modules: {nut: {timeout: 1m}}\n"+fleetConfig), readings{"one": hangs, "two": hangs, "three": named("u1"), "four": hangs})
			request := httptest.NewRequestWithContext(t.Context(), "GET", "http://e:1/sd?devices=true", nil)
			if c.interval != "" {
				request.Header.Set("X-Prometheus-Refresh-Interval-Seconds", c.interval)
			}
			start := time.Now()
			equal(t, c.interval, instances(discovered(t, do(serve(t, o), request))), []string{"rack-a", "rack-b", "cellar/u1", "attic"})
			if took := time.Since(start); took != c.want {
				t.Errorf("interval %q: took %s, want %s", c.interval, took, c.want)
			}
		})
	}
}

// FuzzDiscovery shows that no parameters make a list that Prometheus cannot
// read, or one with more than there is.
func FuzzDiscovery(f *testing.F) {
	for _, seed := range []string{
		"", "devices=true", "match=site=hq&match=rack!=a1", "shard=0/3", "shard=18446744073709551615/18446744073709551616", "match=__param_target=rack-a",
		"devices=T&shard=1/2&match=site=~", "match=%ff=%ff", "match=a=%00", "%", ";", "shard=/", "shard=0%2f1",
	} {
		f.Add(seed, "exporter:10493")
	}
	f.Add("", "[::1]:1")
	f.Add("", "\xff")
	o := options(parsed(f, fleetConfig), readings{"one": named("u1", "u2")})
	handler := serve(f, o)
	all := map[string]bool{}
	for _, query := range []string{"", "?devices=true"} {
		for _, instance := range instances(discovered(f, ask(f, handler, "GET", "/sd"+query))) {
			all[instance] = true
		}
	}
	f.Fuzz(func(t *testing.T, query, host string) {
		request := httptest.NewRequestWithContext(t.Context(), "GET", "/sd", nil)
		request.URL = &url.URL{Path: "/sd", RawQuery: query}
		request.Host = host
		r := do(handler, request)
		if r.Code == http.StatusBadRequest && r.Body.Len() > 1 {
			return
		}
		for _, g := range discovered(t, r) {
			if !all[g.Labels["instance"]] || len(g.Targets) != 1 || strings.ContainsAny(g.Targets[0], "/ ") {
				t.Errorf("%q %q: group %+v", query, host, g)
			}
		}
	})
}
