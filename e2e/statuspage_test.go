package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

const hostileName = `<script>document.title="broken"</script>`

// TestStatusPageInABrowser has a real browser show the status page, and uses it
// as a person would.
func TestStatusPageInABrowser(t *testing.T) {
	t.Parallel()
	_, address := startNUTSim(t, nutsim.Options{}, three...)
	var targets strings.Builder
	for i := range 120 {
		fmt.Fprintf(&targets, "  - {name: spare-%03d, address: 127.0.0.1, module: nut}\n", i)
	}
	config := write(t, room(t), "config.yml", `
modules: {a_module_whose_name_is_so_long_that_it_does_not_fit_anywhere: {collector: nut}}
targets:
  - {name: basement, address: "`+address+`", module: nut, labels: {site: hq}}
  - {name: attic, address: "`+program.FreeAddress(t)+`", module: nut, labels: {site: hq, a_label_whose_name_is_long: and_its_value_is_not_much_shorter_than_that}}
  - {name: '`+hostileName+`', address: "`+address+`", module: a_module_whose_name_is_so_long_that_it_does_not_fit_anywhere}
`+targets.String())
	e := startExporter(t, "--config.file="+config)
	for _, query := range []string{
		"target=basement", "target=attic", "target=" + url.QueryEscape(hostileName), "module=nut&target=" + address, "module=push&target=nosuch",
		"target=basement&device=" + strings.Repeat("so_long", 20),
	} {
		e.probe(t, query)
	}
	b := startBrowser(t)

	b.fits(t, e.url)
	b.shows(t, e.url, address)
	b.sorts(t, e.url)
	b.filters(t, e.url)
	b.isQuiet(t, e.url)
	b.probes(t, e.url, address)
}

// fits shows that the page needs no scrolling to the side in any window, and has its
// style, so that its policy and its style belong together.
func (b *tab) fits(t *testing.T, root string) {
	t.Helper()
	for _, width := range []int64{320, 390, 600, 800, 1024, 1200, 1201, 1280, 1920} {
		for scheme, background := range map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"} {
			b.show(t, width, scheme)
			b.do(t, chromedp.Navigate(root+"/"))
			if needed := value[int64](t, b, "document.documentElement.scrollWidth"); needed > width {
				t.Errorf("a window of %d pixels has to be scrolled to %d", width, needed)
			}
			if got := value[string](t, b, "getComputedStyle(document.body).backgroundColor"); got != background {
				t.Errorf("the %s background is %s", scheme, got)
			}
			if got := value[int64](t, b, `[...document.querySelectorAll("a, input, select, button")].filter(x => x.closest("main, header") && !x.closest("thead") && x.getBoundingClientRect().right > innerWidth).length`); got != 0 {
				t.Errorf("%d links and controls are outside of a window of %d pixels", got, width)
			}
		}
	}
	b.isHandy(t, root)
	b.show(t, 1280, "light")
}

// isHandy shows that on a phone the first target is in sight, and that no two
// links are under one finger.
func (b *tab) isHandy(t *testing.T, root string) {
	t.Helper()
	b.show(t, 390, "light")
	b.do(t, chromedp.Navigate(root+"/"))
	if top := value[float64](t, b, `document.querySelector("#targets th[scope=row]").getBoundingClientRect().top`); top > 300 {
		t.Errorf("on a phone the first target is at %g pixels", top)
	}
	if small := value[int64](t, b, `[...document.querySelectorAll(".links a")].map(a => a.getBoundingClientRect()).filter(r => r.width > 0 && (r.height < 40 || r.width < 44)).length`); small != 0 {
		t.Errorf("on a phone %d links are too small for a finger", small)
	}
}

// shows looks at what the page says.
func (b *tab) shows(t *testing.T, root, address string) {
	t.Helper()
	b.do(t, chromedp.Navigate(root+"/"))
	if title := value[string](t, b, "document.title"); title != "1 failed, 3 in trouble – power_exporter" {
		t.Errorf("the title is %q", title)
	}
	if rows := b.rows(t, "targets"); len(rows) != 100 || rows[0] != "attic" || rows[1] != hostileName || rows[2] != "basement" || rows[3] != "spare-000" {
		t.Errorf("%d rows: %q", len(rows), rows)
	}
	if rows := b.rows(t, "adhoc"); !slices.Equal(rows, []string{address}) {
		t.Errorf("ad hoc targets %q", rows)
	}
	if rows := b.rows(t, "failures"); !slices.Equal(rows, []string{"basement", "nosuch", "attic"}) {
		t.Errorf("failures %q", rows)
	}
	if reason := value[string](t, b, `document.querySelector("#targets tr.trouble .text").innerText`); reason != "stale (Cellar): down" {
		t.Errorf("the trouble is %q", reason)
	}
	b.follow(t, chromedp.Click(chromedp.CSS(`#targets a[rel=next]`)))
	if rows := b.rows(t, "targets"); len(rows) != 23 || rows[0] != "spare-097" || rows[22] != "spare-119" {
		t.Errorf("rows of the second page: %q", rows)
	}
}

// sorts clicks on a heading.
func (b *tab) sorts(t *testing.T, root string) {
	t.Helper()
	b.do(t, chromedp.Navigate(root+"/"))
	for _, want := range []string{hostileName, "spare-119"} {
		b.follow(t, chromedp.Click(chromedp.CSS(`#targets thead th:nth-child(2) a`)))
		if rows := b.rows(t, "targets"); rows[0] != want {
			t.Errorf("the first row is %q, want %q", rows[0], want)
		}
	}
	if got := value[string](t, b, `document.querySelector("#targets thead th:nth-child(2)").ariaSort`); got != "descending" {
		t.Errorf("aria-sort is %q", got)
	}
}

// filters fills in the form for that.
func (b *tab) filters(t *testing.T, root string) {
	t.Helper()
	b.do(t, chromedp.Navigate(root+"/"), chromedp.Click(chromedp.CSS("summary")),
		chromedp.SendKeys(chromedp.CSS(`input[name=q]`), "SITE=hq"), chromedp.SetValue(chromedp.CSS(`select[name=state]`), "trouble"))
	b.follow(t, chromedp.Click(chromedp.CSS(`form[role=search] button`)))
	if rows := b.rows(t, "targets"); !slices.Equal(rows, []string{"basement"}) {
		t.Errorf("rows %q", rows)
	}
	if got := value[string](t, b, `document.querySelector("input[name=q]").value + " " + document.querySelector("select[name=state]").value`); got != "SITE=hq trouble" {
		t.Errorf("the form has forgotten what was asked for: %q", got)
	}
	b.follow(t, chromedp.Click(chromedp.CSS(`form[role=search] a`)))
	if rows := b.rows(t, "targets"); len(rows) != 100 {
		t.Errorf("%d rows without a filter", len(rows))
	}
}

// probes fills in the other form, and follows links to probes.
func (b *tab) probes(t *testing.T, root, address string) {
	t.Helper()
	b.do(t, chromedp.Navigate(root+"/"), chromedp.SendKeys(chromedp.CSS(`input[name=target]`), address), chromedp.SetValue(chromedp.CSS(`select[name=module]`), "nut"))
	b.follow(t, chromedp.Click(chromedp.CSS(`form[action="/probe"] button`)))
	if text := value[string](t, b, "document.body.innerText"); !strings.HasPrefix(text, "Probe of "+address+" succeeded") {
		t.Errorf("the form leads to %s", text)
	}
	for link, want := range map[string]string{"probe": "probe_success 1", "debug": "Probe of " + hostileName + " succeeded"} {
		b.do(t, chromedp.Navigate(root+"/?q=script&state=trouble"))
		b.follow(t, chromedp.Click(chromedp.CSS(`#targets .links a[aria-label^="`+strings.ToUpper(link[:1])+link[1:]+` "]`)))
		if text := value[string](t, b, "document.body.innerText"); !strings.Contains(text, want) {
			t.Errorf("the link %s leads to %s", link, text)
		}
	}
}
