package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/internal/golden"
	"power_exporter/power"
	"power_exporter/receiver"
)

// shown is the status page with the parameters, without its style.
func shown(tb testing.TB, o Options, query string) string {
	tb.Helper()
	r := ask(tb, serve(tb, o), "GET", "/?"+query)
	if r.Code != http.StatusOK {
		tb.Fatalf("%s: %d %s", query, r.Code, r.Body)
	}
	before, after, ok := strings.Cut(r.Body.String(), statusStyle)
	if !ok {
		tb.Fatal("the page is without its style")
	}
	return before + "…" + after
}

var rowHeader = regexp.MustCompile(`<th scope="row">([^<]*)`)

// names are what the rows of a section of a page are called.
func names(page string, s section) []string {
	_, page, _ = strings.Cut(page, `<section id="`+string(s)+`"`)
	page, _, _ = strings.Cut(page, "</section>")
	found := []string{}
	for _, m := range rowHeader.FindAllStringSubmatch(page, -1) {
		found = append(found, m[1])
	}
	return found
}

// ups is a device with a load in watts and a battery in percent.
func ups(id string, isUp bool, watts, charge float64) power.Device {
	d := power.Device{ID: id, Up: isUp}
	if isUp {
		d.Outputs = []power.Output{{ID: "1", Electrical: power.Electrical{ActivePower: power.Watts(power.Of(watts))}}}
		d.Batteries = []power.Battery{{ID: "1", Charge: power.Percent(power.Of(charge))}}
	}
	return d
}

// after is a target that takes a while.
func after(d time.Duration, err error, found ...power.Device) func(context.Context) ([]power.Device, error) {
	return func(context.Context) ([]power.Device, error) {
		pass(d)
		return found, err
	}
}

// everyState is options with a row in each state of each section, as of now.
func everyState(tb testing.TB) Options {
	tb.Helper()
	asked := 0
	stream := power.Device{ID: "pdu", Up: true, Streamed: power.Boolean(true), Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{ActivePower: power.Watts(power.Of(12345))}}}}
	o := options(parsed(tb, withSecret+`
modules:
  slow: {collector: nut, cache_ttl: 10m}
targets:
  - {name: rack-a, address: one, module: nut, labels: {site: hq, rack: a1}}
  - {name: rack-b, address: two, module: slow}
  - {name: cellar, address: three, module: nut, labels: {site: home}}
  - {name: attic, address: four, module: nut}
  - {name: garage, address: five, module: nut}
`), readings{
		"one":   after(30*time.Millisecond, nil, ups("u1", true, 137, 80), ups("u2", true, 1000, 97), ups("u3", false, 0, 0)),
		"two":   after(1200*time.Millisecond, nil, stream),
		"three": after(0, errors.Join(errors.New("reading ups u1: no answer"), errors.New("reading ups u2: driver not connected")), ups("u3", true, 12, 100)),
		"five":  named("u1"),
		"adhoc": func(context.Context) ([]power.Device, error) {
			if asked++; asked == 1 {
				return nil, errors.New("no route to host")
			}
			return []power.Device{{ID: "u1", Up: true}}, nil
		},
		"10.1.1.1": after(0, errors.New("USERNAME: access denied: the password of auth \"rack\" was refused")),
	})
	now := time.Now()
	o.Pushed = func() []receiver.Status {
		return []receiver.Status{
			{
				Key: receiver.Key{Kind: "powersentrix", Sender: "acme", Device: "1"}, ID: "ups-01", Name: "Mast 7", Vendor: "PowerSentrix", Model: "PWX-12",
				Up: true, Received: now.Add(7 * time.Minute), Event: "mains lost",
			},
			{Key: receiver.Key{Kind: "synlink", Sender: "bts", Device: "2"}, ID: "pdu-01", Received: now.Add(-50 * time.Hour)},
			{Key: receiver.Key{Kind: "synlink", Sender: "bts", Device: "3"}, ID: "pdu-02", Received: now, Err: errors.New("its state cannot be read"), Event: "old"},
		}
	}
	o.PushedDevice = func(id string) (power.Device, bool) {
		return ups("ups-01", true, 48.4, 55), id == "ups-01"
	}
	probed(tb, o, "target=garage", "target=garage&device=gone", "target=adhoc&module=nut", "target=rack-b", "module=nut&target=three", "target=rack-b&ups=u1&device=gone", "module=push&target=ups-09")
	pass(6 * time.Minute)
	probed(tb, o, "target=three&module=nut", "target=rack-b", "target=adhoc&module=nut", "target=10.1.1.1&module=nut&auth=rack")
	pass(time.Minute)
	probed(tb, o, "target=three&module=nut", "target=rack-a", "target=cellar")
	pass(12 * time.Second)
	return o
}

func TestStatusPages(t *testing.T) {
	hostile := func(t *testing.T) Options {
		t.Helper()
		const evil = `"><script>alert('x')</script>`
		o := options(parsed(t, `
modules: {'`+strings.ReplaceAll(evil, "'", "''")+`': {collector: nut}}
auths: {'</select><b>': {username: u, password: p, targets: [ten]}}
targets:
  - {name: '</th><script>alert(1)</script>', address: one, module: '`+strings.ReplaceAll(evil, "'", "''")+`', labels: {site: '<img src=x onerror=alert(1)>'}}
  - {name: 'javascript:alert(1)', address: two, module: nut}
  - {name: 'a&b=c#d?e%41+f', address: two, module: nut}
`), readings{"one": after(0, errors.New("<script>\n&amp; "+evil)), "two": named(evil)})
		o.Version = "<i>1</i>"
		o.ExternalURL = `https://h/a"b<c>`
		o.Pushed = func() []receiver.Status {
			return []receiver.Status{{
				Key: receiver.Key{Kind: "<u>", Sender: evil}, ID: evil, Name: "\u202e<b>", Vendor: "<v>", Model: "<m>", Event: "<script>e</script>", Up: true,
			}}
		}
		o.PushedDevice = func(string) (power.Device, bool) { return power.Device{}, false }
		probed(t, o, "target="+url.QueryEscape("</th><script>alert(1)</script>"), "target=ten&module=nut&auth="+url.QueryEscape("</select><b>"),
			"target=two&module="+url.QueryEscape(evil)+"&ups="+url.QueryEscape(evil), "target=two&module=nut&device="+url.QueryEscape("<script>"))
		return o
	}
	many := func(t *testing.T) Options {
		t.Helper()
		var text strings.Builder
		text.WriteString("targets:\n")
		for i := range 250 {
			fmt.Fprintf(&text, "  - {name: rack-%03d, address: h%d, module: nut}\n", i, i)
		}
		return options(parsed(t, text.String()), nil)
	}
	for _, c := range []struct {
		golden, query string
		options       func(t *testing.T) Options
	}{
		{"empty.html", "", func(t *testing.T) Options { t.Helper(); return options(parsed(t, ""), nil) }},
		{"states.html", "", func(t *testing.T) Options { t.Helper(); return everyState(t) }},
		{"filtered.html", "q=RACK&state=up&sort=-power", func(t *testing.T) Options { t.Helper(); return everyState(t) }},
		{"nothing-found.html", "q=nosuch", func(t *testing.T) Options { t.Helper(); return everyState(t) }},
		{"hostile.html", "q=%3C&sort=name", hostile},
		{"paged.html", "targets=2", many},
	} {
		t.Run(c.golden, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				golden.Text(t, "testdata/"+c.golden, shown(t, c.options(t), c.query))
			})
		})
	}
}

// TestEveryViewOfEveryState shows which rows a view has, and in which order.
func TestEveryViewOfEveryState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := everyState(t)
		for _, c := range []struct {
			query   string
			section section
			want    []string
		}{
			{"", targetsSection, []string{"cellar", "garage", "rack-a", "attic", "rack-b"}},
			{"sort=-state", targetsSection, []string{"rack-b", "attic", "rack-a", "garage", "cellar"}},
			{"sort=name", targetsSection, []string{"attic", "cellar", "garage", "rack-a", "rack-b"}},
			{"sort=-name", targetsSection, []string{"rack-b", "rack-a", "garage", "cellar", "attic"}},
			{"sort=module", targetsSection, []string{"attic", "cellar", "garage", "rack-a", "rack-b"}},
			{"sort=age", targetsSection, []string{"cellar", "rack-a", "rack-b", "garage", "attic"}},
			{"sort=-age", targetsSection, []string{"garage", "rack-b", "cellar", "rack-a", "attic"}},
			{"sort=duration", targetsSection, []string{"cellar", "garage", "rack-b", "rack-a", "attic"}},
			{"sort=-duration", targetsSection, []string{"rack-a", "cellar", "garage", "rack-b", "attic"}},
			{"sort=devices", targetsSection, []string{"cellar", "garage", "rack-b", "rack-a", "attic"}},
			{"sort=power", targetsSection, []string{"cellar", "rack-a", "rack-b", "attic", "garage"}},
			{"sort=-power", targetsSection, []string{"rack-b", "rack-a", "cellar", "attic", "garage"}},
			{"sort=battery", targetsSection, []string{"rack-a", "cellar", "attic", "garage", "rack-b"}},
			{"state=failed", targetsSection, []string{"cellar"}},
			{"state=stale", targetsSection, []string{"garage"}},
			{"state=never", targetsSection, []string{"attic"}},
			{"state=up", targetsSection, []string{"rack-b"}},
			{"state=trouble", targetsSection, []string{"rack-a"}},
			{"q=u3", targetsSection, []string{"rack-a"}},
			{"q=DOWN", targetsSection, []string{"rack-a"}},
			{"q=site%3Dh", targetsSection, []string{"cellar", "rack-a"}},
			{"q=SLOW", targetsSection, []string{"rack-b"}},
			{"q=driver+not+connected", targetsSection, []string{"cellar"}},
			{"q=five", targetsSection, []string{"garage"}},
			{"q=hq&state=failed", targetsSection, []string{}},

			{"", adHocSection, []string{"10.1.1.1:3493", "three:3493", "rack-b", "adhoc:3493"}},
			{"q=auth", adHocSection, []string{"10.1.1.1:3493"}},
			{"q=ups%3Du1", adHocSection, []string{"rack-b"}},
			{"sort=power", adHocSection, []string{"three:3493", "rack-b", "10.1.1.1:3493", "adhoc:3493"}},

			{"", pushedSection, []string{"pdu-02", "pdu-01", "ups-01"}},
			{"sort=-power", pushedSection, []string{"ups-01", "pdu-01", "pdu-02"}},
			{"sort=battery&state=stale", pushedSection, []string{"pdu-01"}},
			{"q=acme", pushedSection, []string{"ups-01"}},
			{"q=mast+7", pushedSection, []string{"ups-01"}},
			{"q=cannot+be+read", pushedSection, []string{"pdu-02"}},

			{"", failuresSection, []string{"cellar", "ups-09", "rack-b", "adhoc:3493", "garage"}},
			{"q=gone", failuresSection, []string{"rack-b", "garage"}},
			{"q=rack", failuresSection, []string{"rack-b"}},
		} {
			equal(t, c.query+" "+string(c.section), names(shown(t, o, c.query), c.section), c.want)
		}
	})
}

// TestPagesOfRows shows that the pages of a section have each row once, whatever
// the pages of the other sections.
func TestPagesOfRows(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("targets:\n")
	for i := range 250 {
		fmt.Fprintf(&text, "  - {name: rack-%03d, address: h%d, module: nut}\n", i, i)
	}
	o := options(parsed(t, text.String()), nil)
	o.Pushed = func() []receiver.Status {
		all := make([]receiver.Status, 100)
		for i := range all {
			all[i].ID = fmt.Sprintf("ups-%03d", i)
		}
		return all
	}
	o.PushedDevice = func(string) (power.Device, bool) { return power.Device{}, false }
	for _, c := range []struct {
		query       string
		first, last string
		count       int
		links       []string
	}{
		{"", "rack-000", "rack-099", 100, []string{`/?targets=2#targets" rel="next"`}},
		{"targets=1", "rack-000", "rack-099", 100, []string{`/?targets=2#targets" rel="next"`}},
		{"targets=2&sort=name&state=never&q=rack", "rack-100", "rack-199", 100, []string{
			`/?q=rack&amp;sort=name&amp;state=never#targets" rel="prev"`, `/?q=rack&amp;sort=name&amp;state=never&amp;targets=3#targets" rel="next"`,
		}},
		{"targets=3&pushed=7", "rack-200", "rack-249", 50, []string{`/?pushed=7&amp;targets=2#targets" rel="prev"`}},
		{"targets=99999", "rack-200", "rack-249", 50, []string{`/?targets=2#targets" rel="prev"`, "page 3 of 3, 250 in all"}},
		{"sort=-name&targets=3", "rack-049", "rack-000", 50, nil},
		{"sort=-battery", "rack-000", "rack-099", 100, nil},
		{"q=rack-24", "rack-240", "rack-249", 10, nil},
	} {
		page := shown(t, o, c.query)
		found := names(page, targetsSection)
		if len(found) != c.count || found[0] != c.first || found[len(found)-1] != c.last {
			t.Errorf("%s: %d rows, from %s to %s", c.query, len(found), found[0], found[len(found)-1])
		}
		for _, link := range c.links {
			if !strings.Contains(page, link) {
				t.Errorf("%s: the page lacks %s", c.query, link)
			}
		}
		if got := strings.Count(page, `rel="`); len(c.links) > 0 && got != strings.Count(strings.Join(c.links, " "), `rel="`) {
			t.Errorf("%s: %d links to other pages", c.query, got)
		}
	}
}

func TestBadViews(t *testing.T) {
	t.Parallel()
	handler := serve(t, options(parsed(t, ""), nil))
	for query, want := range map[string]string{
		"state=down":                    `parameter state is "down": known are failed, stale, trouble, never, up`,
		"refresh=2s":                    `parameter refresh is "2s": known are 10s, 30s, 1m, 5m`,
		"sort=colour":                   `parameter sort is "colour": known are state, name, module, age, duration, devices, power, battery, with a - in front for the other direction`,
		"sort=--name":                   `parameter sort is "--name": known are state, name, module, age, duration, devices, power, battery, with a - in front for the other direction`,
		"targets=0":                     `parameter targets is "0": it must be the number of a page, from 1`,
		"adhoc=-1":                      `parameter adhoc is "-1": it must be the number of a page, from 1`,
		"pushed=two":                    `parameter pushed is "two": it must be the number of a page, from 1`,
		"failures=99999999999999999":    ``,
		"failures=9999999999999999999":  `parameter failures is "9999999999999999999": it must be the number of a page, from 1`,
		"q=" + strings.Repeat("a", 201): `parameter q has 201 bytes: it can have 200`,
		"%":                             `the query cannot be read: invalid URL escape "%"`,
		"sort=-&state=&q=&utm=x":        ``,
	} {
		r := ask(t, handler, "GET", "/?"+query)
		if want == "" && r.Code != http.StatusOK || want != "" && (r.Code != http.StatusBadRequest || r.Body.String() != want+"\n") {
			t.Errorf("%s: %d %s; want %s", query, r.Code, r.Body, want)
		}
	}
}

// TestHeadersOfTheStatusPage shows that a browser runs and loads nothing for
// it, and takes the style for the one the policy allows.
func TestHeadersOfTheStatusPage(t *testing.T) {
	t.Parallel()
	r := ask(t, serve(t, options(parsed(t, ""), nil)), "GET", "/")
	_, style, _ := strings.Cut(r.Body.String(), "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	equal(t, "headers", r.Header(), http.Header{
		"Content-Type":            {"text/html; charset=utf-8"},
		"Content-Security-Policy": {"default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
		"X-Content-Type-Options":  {"nosniff"},
		"Referrer-Policy":         {"no-referrer"},
		"Cache-Control":           {"no-store"},
	})
	if strings.Contains(strings.ToLower(r.Body.String()), "<script") || strings.Contains(style, "url(") || strings.Contains(style, "@import") || style == "" {
		t.Error("the page has a script, or loads something")
	}
}

// TestFormFitsProbe shows that what the form sends is what /probe takes.
func TestFormFitsProbe(t *testing.T) {
	t.Parallel()
	page := shown(t, options(parsed(t, withSecret+"modules: {slow: {collector: nut}}"), nil), "")
	for _, part := range []string{
		`<form action="/probe"`, `<label>Target <input name="target"`, `<label>Module <select name="module">`, `<option>slow</option>`, `<option>synlink</option>`,
		`<label>Auth <select name="auth">`, `<option>rack</option>`, `name="debug" value="true"`,
		`href="/metrics"`, `href="/config"`, `href="/sd"`, `href="/-/healthy"`, "1.2.3",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if strings.Contains(page, secret) {
		t.Error("the page shows a secret")
	}
	o := options(parsed(t, "targets: [{name: a, address: b, module: nut}]"), nil)
	o.ExternalURL = "https://h/power/"
	page = shown(t, o, "")
	for _, link := range regexp.MustCompile(`(?:href|action)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if link[1] != "#probe" && !strings.HasPrefix(link[1], "/power/") {
			t.Errorf("the link %s leads out of the prefix", link[1])
		}
	}
}

// TestLinksToProbes shows that every link to a probe is one that can be made,
// whatever the names in it.
func TestLinksToProbes(t *testing.T) {
	t.Parallel()
	o := options(parsed(t, `
modules: {'m&n=?': {collector: nut}}
auths: {'a b': {username: u, password: p, targets: [ten]}}
targets: [{name: 'a&b=c#d?e%41+f ü"<', address: one, module: nut}]
`), readings{"rest": nil})
	o.Pushed = func() []receiver.Status { return []receiver.Status{{ID: "ups&01=#?"}} }
	o.PushedDevice = func(string) (power.Device, bool) { return power.Device{}, false }
	probed(t, o, "target=ten&module="+url.QueryEscape("m&n=?")+"&auth=a%20b&ups=x%26y", "target=rest&module=nut", "target=rest&module=nut&device=z%26")
	page := shown(t, o, "")
	got := map[string]int{}
	for _, link := range regexp.MustCompile(`href="/probe\?([^"]*)"`).FindAllStringSubmatch(page, -1) {
		query, err := url.ParseQuery(html.UnescapeString(link[1]))
		if err != nil {
			t.Fatalf("%s: %v", link[1], err)
		}
		got[fmt.Sprint(query)]++
	}
	want := map[string]int{}
	for _, probe := range []map[string][]string{
		{"target": {`a&b=c#d?e%41+f ü"<`}},
		{"target": {"ups&01=#?"}, "module": {"push"}},
		{"target": {"ten:3493"}, "module": {"m&n=?"}, "auth": {"a b"}, "ups": {"x&y"}},
		{"target": {"rest:3493"}, "module": {"nut"}},
		{"target": {"rest:3493"}, "module": {"nut"}, "device": {"z&"}},
	} {
		want[fmt.Sprint(probe)]++
		probe["debug"] = []string{"true"}
		want[fmt.Sprint(probe)]++
	}
	equal(t, "links", got, want)
}

// TestPageIsAccessible holds the source of the page to what a reader of it aloud
// needs.
func TestPageIsAccessible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := shown(t, everyState(t), "")
		if !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\"en\">\n") || !strings.Contains(page, "<title>4 failed, 1 in trouble – power_exporter</title>") {
			t.Error("language or title is missing")
		}
		if n := len(regexp.MustCompile(`<th(?: [^>]*)?>`).FindAllString(page, -1)); n == 0 || n != strings.Count(page, `<th scope="`) {
			t.Errorf("%d headings of tables, and not all say of what", n)
		}
		controls := regexp.MustCompile(`<(input|select)`).FindAllString(page, -1)
		labelled := regexp.MustCompile(`<label[^>]*>[^<]*<(input|select)`).FindAllString(page, -1)
		if len(controls) != 8 || len(labelled) != len(controls) {
			t.Errorf("%d controls, %d with a label", len(controls), len(labelled))
		}
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if ids[m[1]] {
				t.Errorf("two have the id %s", m[1])
			}
			ids[m[1]] = true
		}
	})
}

// TestAFailedTemplateIsTold guards the answer if the page ever cannot be made.
func TestAFailedTemplateIsTold(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	render(recorder, template.Must(template.New("").Parse("{{.Nothing}}")), &status{})
	if recorder.Code != http.StatusInternalServerError || !strings.Contains(recorder.Body.String(), "Nothing") {
		t.Errorf("%d %s", recorder.Code, recorder.Body)
	}
}

// TestGoldenFilesAreUsed guards against golden files that no case reads.
func TestGoldenFilesAreUsed(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("status_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !entry.IsDir() && !strings.Contains(string(source), `"`+entry.Name()+`"`) {
			t.Errorf("nothing uses testdata/%s", entry.Name())
		}
	}
}

// FuzzStatus shows that no parameters break the page, or get into it unescaped.
func FuzzStatus(f *testing.F) {
	for _, seed := range []string{
		"", "q=%3Cscript%3E", "q=%22%27%60&sort=-name&state=up", "targets=2&adhoc=3&pushed=4&failures=5", "sort=-", "q=%ff%00", "%", "state=never;q=a", "q=a&q=b", "q=javascript:",
	} {
		f.Add(seed)
	}
	o := options(parsed(f, fleetConfig), readings{"one": named("u1")})
	o.Pushed = func() []receiver.Status { return []receiver.Status{{ID: "ups-01"}} }
	o.PushedDevice = func(string) (power.Device, bool) { return power.Device{}, false }
	probed(f, o, "target=rack-a", "target=rack-b", "target=x&module=nut")
	handler := serve(f, o)
	tag := regexp.MustCompile(`</?[a-zA-Z!][a-zA-Z0-9]*`)
	known := map[string]bool{"<!DOCTYPE": true}
	for name := range strings.FieldsSeq("html head meta title style body header h1 nav a main div form label input select option button details summary section h2 span p table thead tbody tr th td ul li time small footer") {
		known["<"+name], known["</"+name] = true, true
	}
	f.Fuzz(func(t *testing.T, query string) {
		request := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		request.URL = &url.URL{Path: "/", RawQuery: query}
		r := do(handler, request)
		if r.Code == http.StatusBadRequest && r.Body.Len() > 1 {
			return
		}
		if r.Code != http.StatusOK || !strings.HasSuffix(r.Body.String(), "</html>\n") {
			t.Fatalf("%q: %d %s", query, r.Code, r.Body)
		}
		for _, found := range tag.FindAllString(r.Body.String(), -1) {
			if !known[found] {
				t.Errorf("%q: there is a tag %s", query, found)
			}
		}
	})
}
