package web

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/config"
	"power_exporter/power"
	"power_exporter/receiver"
)

// cells is the text of the cells of a row, with a blank for each tag.
func cells(page, name string) string {
	_, row, _ := strings.Cut(page, `<th scope="row">`+name)
	row, _, _ = strings.Cut(row, "</tr>")
	var text strings.Builder
	inTag := false
	for _, c := range row {
		switch {
		case c == '<':
			inTag = true
			text.WriteByte(' ')
		case c == '>':
			inTag = false
		case !inTag:
			text.WriteRune(c)
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// onBattery is a UPS that is about to run out.
func onBattery(id string) power.Device {
	d := ups(id, true, 300, 11)
	d.States = power.StatesOf(power.StateOnBattery, power.StateLowBattery)
	d.Batteries[0].Runtime = power.Seconds(power.Of(74))
	return d
}

// TestTroubleOnThePage shows that what is in trouble comes before what is up, the
// most urgent first, with the names of the devices and what they have.
func TestTroubleOnThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(parsed(t, `
targets:
  - {name: a-up, address: one, module: nut}
  - {name: b-some, address: two, module: nut}
  - {name: c-low, address: three, module: nut}
  - {name: d-dead, address: nobody, module: nut}
  - {name: e-many, address: four, module: nut}
`), readings{
			"one": named("u1"), "two": devices(ups("u1", true, 5, 50), ups("u<2>", false, 0, 0)), "three": devices(onBattery("onbattery")),
			"four": devices(make([]power.Device, 13)...),
		})
		probed(t, o, "target=a-up", "target=b-some", "target=c-low", "target=d-dead", "target=e-many")
		o.Pushed = func() []receiver.Status {
			return []receiver.Status{
				{ID: "p-up", Up: true, Event: "mains back"},
				{ID: "p-low", Up: true, Event: "mains lost"},
				{ID: "p-silent"},
				{ID: "p-gone", Up: true},
				{ID: "p-broken", Err: errors.New("cannot be read")},
			}
		}
		o.PushedDevice = func(id string) (power.Device, bool) {
			switch id {
			case "p-low":
				return onBattery(id), true
			case "p-gone":
				return power.Device{}, false
			}
			return power.Device{ID: id, Up: id == "p-up"}, true
		}
		page := shown(t, o, "")
		equal(t, "targets", names(page, targetsSection), []string{"d-dead", "c-low", "b-some", "e-many", "a-up"})
		equal(t, "pushed", names(page, pushedSection), []string{"p-broken", "p-silent", "p-low", "p-gone", "p-up"})
		equal(t, "urgent last", names(shown(t, o, "sort=-state&state=trouble"), targetsSection), []string{"b-some", "e-many", "c-low"})
		equal(t, "found by its trouble", names(shown(t, o, "q=74+S+LEFT"), pushedSection), []string{"p-low"})
		for name, want := range map[string]string{
			"b-some":   "two nut 0 s ago <1 ms 1/2 5 W 50 % u&lt;2&gt; : down probe debug",
			"c-low":    "three nut 0 s ago <1 ms 1/1 300 W low 11 % onbattery : on battery, low, 11 %, 74 s left probe debug",
			"p-low":    "from 300 W low 11 % mains lost on battery, low, 11 %, 74 s left probe debug",
			"p-silent": "from probe debug",
			"a-up":     "one nut 0 s ago <1 ms 1/1 probe debug",
		} {
			if got := strings.ReplaceAll(cells(page, name), "&lt;1 ms", "<1 ms"); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if got := cells(page, "e-many"); !strings.Contains(got, "and 3 more") || strings.Count(got, "down") != 10 {
			t.Error(got)
		}
		for _, part := range []string{
			"<title>2 failed, 4 in trouble – power_exporter</title>", `<a class="state trouble" href="/?state=trouble#targets">3 trouble</a>`,
			`<td class="state trouble">trouble</td>`, `<td class="number some" data-title="Battery">low 11 %</td>`,
		} {
			if !strings.Contains(page, part) {
				t.Errorf("the page lacks %s", part)
			}
		}
	})
}

// TestAFailedReloadIsShown shows that the page says what is wrong with the
// configuration, and since when the other one is in force.
func TestAFailedReloadIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		pass(2 * time.Hour)
		var many []error
		for i := range 12 {
			many = append(many, fmt.Errorf("c.yml:%d: targets[0].x: unknown key %q", i+1, "<x>"))
		}
		for _, c := range []struct {
			loaded config.Attempt
			want   []string // none if there is no banner
		}{
			{config.Attempt{At: start, Since: start}, nil},
			{config.Attempt{}, nil},
			{config.Attempt{At: start.Add(time.Hour), Since: start, Err: many[0]}, []string{
				`<section class="alert" role="alert"`, `The last reload failed <time datetime="2000-01-01T01:00:00Z">1 h ago</time>: the configuration of <time datetime="2000-01-01T00:00:00Z">2 h ago</time> is still in force`,
				`<li>c.yml:1: targets[0].x: unknown key &#34;&lt;x&gt;&#34;</li>`,
			}},
			{config.Attempt{At: start, Since: start, Err: errors.New("listening for pushes")}, []string{`The last reload failed <time datetime="2000-01-01T00:00:00Z">2 h ago</time>: all but this is in force`}},
			{config.Attempt{At: start, Err: errors.Join(many...)}, []string{"the defaults are still in force", "<li>c.yml:10:", "<li>and 2 more</li>"}},
		} {
			o := options(parsed(t, ""), nil)
			o.Loaded = func() config.Attempt { return c.loaded }
			page := shown(t, o, "")
			if has := strings.Contains(page, `class="alert"`); has != (len(c.want) > 0) || strings.Contains(page, "<li>c.yml:11:") {
				t.Errorf("%+v: the banner is %v\n%s", c.loaded, has, page)
			}
			for _, part := range c.want {
				if !strings.Contains(page, part) {
					t.Errorf("%+v: the page lacks %s", c.loaded, part)
				}
			}
		}
	})
}

// TestRefusedPushesAreShown shows which pushes were refused lately, and no more
// of them at once than anybody reads.
func TestRefusedPushesAreShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(parsed(t, ""), nil)
		all := []receiver.Refusal{
			{Receiver: "synlink", Client: netip.MustParseAddr("10.0.0.7"), Message: "unknown company or token", Count: 1234, First: time.Now().Add(-49 * time.Hour), Last: time.Now()},
			{Receiver: "powersentrix", Client: netip.MustParseAddr("10.0.0.8"), Sender: "acme", Message: "malformed push", Count: 1, Last: time.Now()},
		}
		o.Refused = func() []receiver.Refusal { return all }
		pass(3 * time.Minute)
		page := shown(t, o, "")
		for _, want := range []string{
			"<li>1\u202f234 to synlink from 10.0.0.7 within 2 d, the last one 3 min ago: unknown company or token</li>",
			"<li>1 to powersentrix from acme at 10.0.0.8, the last one 3 min ago: malformed push</li>",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		for range 7 {
			all = append(all, receiver.Refusal{Sender: "<b>", Message: "<i>", Count: 1, Last: time.Now()})
		}
		before, after, _ := strings.Cut(shown(t, o, ""), "<details><summary>and 4 more</summary>\n<ul>")
		after, _, _ = strings.Cut(after, "</ul>\n</details>\n</section>")
		const line = "&lt;b&gt; at invalid IP, the last one 0 s ago: &lt;i&gt;</li>"
		if shown, hidden := strings.Count(before, line), strings.Count(after, line); shown != maxRefused-2 || hidden != 4 {
			t.Errorf("%d lines are shown at once, and %d others", shown, hidden)
		}
		all = nil
		if strings.Contains(shown(t, o, ""), "not taken") {
			t.Error("the page speaks of refused pushes, and there is none")
		}
	})
}

// TestThePageIsLoadedAgain shows that the page is loaded again only for who
// wants it, and that this stays so whatever is looked at.
func TestThePageIsLoadedAgain(t *testing.T) {
	t.Parallel()
	o := options(parsed(t, "targets: [{name: a, address: b, module: nut}]"), nil)
	if page := shown(t, o, "sort=name"); strings.Contains(page, "http-equiv") {
		t.Error("the page is loaded again, and nobody asked for that")
	}
	page := shown(t, o, "refresh=1m&q=a&state=never")
	for _, part := range []string{
		`<meta http-equiv="refresh" content="60">`, `<option value="1m" selected>every 1m</option>`,
		`href="/?refresh=1m#targets">Clear</a>`, `href="/?q=a&amp;refresh=1m&amp;sort=name&amp;state=never#targets"`, `href="/?q=a&amp;refresh=1m&amp;state=never#targets">1 not probed yet`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %s in\n%s", part, page)
		}
	}
}

// TestFormKnowsThePushModule shows that the form offers it where devices can push.
func TestFormKnowsThePushModule(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": false, "receivers: {synlink: {tokens: [{name: a, token: " + secret + "}]}}": true} {
		if got := strings.Contains(shown(t, options(parsed(t, text), nil), ""), `<option value="push">`); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
