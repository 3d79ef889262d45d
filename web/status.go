package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"power_exporter/config"
	"power_exporter/probe"
	"power_exporter/receiver"
)

//go:embed status.html
var statusSource string

//go:embed status.css
var statusStyle string

// statusPolicy allows the page its own style, and to send its forms here.
// Nothing that gets into it can load or run anything.
var statusPolicy = "default-src 'none'; style-src 'sha256-" + hashOf(statusStyle) + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// hashOf is how a Content-Security-Policy names an inline style.
func hashOf(style string) string {
	sum := sha256.Sum256([]byte(style))
	return base64.StdEncoding.EncodeToString(sum[:])
}

var statusTemplate = template.Must(template.New("status").Funcs(template.FuncMap{
	"count":      countText,
	"period":     func(from, to time.Time) string { return ageText(to.Sub(from)) },
	"took":       tookText,
	"supply":     func(r *row) string { return supplyText(&r.Summary) },
	"battery":    func(r *row) string { return batteryText(&r.Summary) },
	"parameters": parametersText,
	"name":       func(f *probe.Failure) string { return nameOf(&f.Subject) },
	"details":    failureDetails,
}).Parse(statusSource))

// status is what the status page shows.
type status struct {
	view
	Style   template.CSS
	Version string
	Prefix  string // of all paths, as in a URL
	Modules []string
	Auths   []string
	Choices []choice // of states
	Orders  []choice
	Periods []choice // after which the page is loaded again
	Clear   string   // link to the page without a filter; "" if there is none
	More    bool     // a state or an order is chosen
	Pushes  bool     // devices can push
	Failed  int      // targets and devices
	Trouble int      // targets and devices
	Loaded  config.Attempt
	Refused [][]receiver.Refusal // those that are shown at once, and all others
	Tables  []*table
	now     time.Time
}

const (
	// maxRefused is how many lines of refused pushes are shown at once.
	maxRefused = 5
	// maxProblems is how many problems of a configuration are shown.
	maxProblems = 10
)

// Title is the title of the page: what needs attention comes first, where a tab
// is narrow.
func (s *status) Title() string {
	var words []string
	if s.Failed > 0 {
		words = append(words, countText(s.Failed)+" failed")
	}
	if s.Trouble > 0 {
		words = append(words, countText(s.Trouble)+" in trouble")
	}
	if len(words) == 0 {
		return "power_exporter"
	}
	return commas(words) + " – power_exporter"
}

// Seconds is after how long the page is loaded again; 0 for never.
func (s *status) Seconds() int {
	period, err := time.ParseDuration(s.Refresh)
	if err != nil {
		return 0
	}
	return int(period / time.Second)
}

// Made is when the page was made.
func (s *status) Made() time.Time { return s.now }

// Clock is the same for people.
func (s *status) Clock() string { return s.now.UTC().Format("15:04:05 UTC") }

// Problems are what was wrong with the configuration at the last attempt to load
// it: the first of them, and how many others there are.
func (s *status) Problems() (lines []string) {
	if s.Loaded.Err == nil {
		return nil
	}
	lines = strings.Split(strings.TrimSpace(s.Loaded.Err.Error()), "\n")
	if more := len(lines) - maxProblems; more > 0 {
		lines = append(lines[:maxProblems], "and "+countText(more)+" more")
	}
	return lines
}

// choice is one of those that a form offers.
type choice struct {
	Key, Title string
	Chosen     bool
}

// Ago is how long ago something was.
func (s *status) Ago(at time.Time) string { return ageText(s.now.Sub(at)) }

// Old is how old a reading is that was so old at a time.
func (s *status) Old(age time.Duration, at time.Time) string { return ageText(s.now.Sub(at) + age) }

// Probe is a link to a probe with parameters, which a template would take for a
// part of one if it got them alone.
func (s *status) Probe(query string) string { return s.Prefix + "/probe?" + query }

// Debug is a link to the same probe, for people.
func (s *status) Debug(query string) string { return s.Probe(query) + "&debug=true" }

// At is a time for programs.
func (s *status) At(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// status shows how all targets and devices are.
func (p *pages) status(w http.ResponseWriter, r *http.Request) {
	v, err := parseView(r.URL.RawQuery)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	render(w, statusTemplate, p.look(v, time.Now()))
}

// render answers with a page that was made of s.
func render(w http.ResponseWriter, t *template.Template, s *status) {
	var page bytes.Buffer
	if err := t.Execute(&page, s); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", statusPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(page.Bytes())
}

// look gathers what the page shows.
func (p *pages) look(v view, now time.Time) *status {
	c, results := p.Config(), p.Prober.Results()
	s := &status{
		view: v, now: now, Style: template.CSS(statusStyle), Version: p.Version, //nolint:gosec // the style is our own
		Modules: slices.Sorted(maps.Keys(c.Modules)), Auths: slices.Sorted(maps.Keys(c.Auths)),
		Choices: v.stateChoices(), Orders: v.orderChoices(), Periods: v.refreshChoices(),
		More:   v.State != "" || v.Sort != "",
		Pushes: !c.Receivers.None(),
	}
	if p.Loaded != nil {
		s.Loaded = p.Loaded()
	}
	if p.Refused != nil {
		all := p.Refused()
		first := min(len(all), maxRefused)
		for _, some := range [][]receiver.Refusal{all[:first], all[first:]} {
			if len(some) > 0 {
				s.Refused = append(s.Refused, some)
			}
		}
	}
	if p.external != nil {
		s.Prefix = (&url.URL{Path: p.external.prefix}).EscapedPath()
	}
	if v.Text != "" || v.State != "" {
		s.Clear = view{Sort: v.Sort, Descending: v.Descending, Refresh: v.Refresh}.link(s.Prefix, targetsSection)
	}

	targets := make([]*row, len(c.Targets))
	for i := range c.Targets {
		targets[i] = targetRow(&c.Targets[i], results, now)
	}
	var adHoc []*row
	found := results.AdHoc()
	for i := range found {
		adHoc = append(adHoc, resultRow(&found[i], now))
	}
	s.add(v.table(s.Prefix, targetsSection, targets), "Targets", "from the configuration")
	s.add(v.table(s.Prefix, adHocSection, adHoc), "Ad hoc targets", "probed within a day, or within 15 minutes if that never succeeded, and not in the configuration as such")
	if p.Pushed != nil {
		pushed := p.Pushed()
		rows := make([]*row, len(pushed))
		for i := range pushed {
			rows[i] = pushedRow(&pushed[i], p.PushedDevice)
		}
		s.add(v.table(s.Prefix, pushedSection, rows), "Pushed devices", "as they last pushed")
	}
	s.add(v.failures(s.Prefix, results.Failures()), "Recent failures", "the last one of each target, also if it is over")
	return s
}

// add adds a section.
func (s *status) add(t *table, title, note string) {
	t.Title, t.Note = title, note
	for _, c := range t.Counts {
		if c.State == failed {
			s.Failed += c.Count
		}
		if c.State == trouble {
			s.Trouble += c.Count
		}
	}
	s.Tables = append(s.Tables, t)
}

// stateChoices are the states to filter by.
func (v view) stateChoices() []choice {
	all := []choice{{"", "any state", v.State == ""}}
	for _, s := range states {
		all = append(all, choice{s.key, s.words, v.State == s.key})
	}
	return all
}

// orderChoices are the orders there are, for who does not see the headings.
func (v view) orderChoices() []choice {
	all := []choice{{"", "most urgent first", v.Sort == ""}}
	for i := range columns {
		key, title := columns[i].key, columns[i].title
		all = append(all,
			choice{key, title, v.Sort == key && !v.Descending},
			choice{"-" + key, title + ", reversed", v.Sort == key && v.Descending})
	}
	return all
}

// refreshChoices are the times after which the page can be loaded again.
func (v view) refreshChoices() []choice {
	all := []choice{{"", "never", v.Refresh == ""}}
	for _, period := range refreshes {
		all = append(all, choice{period, "every " + period, v.Refresh == period})
	}
	return all
}

// failureDetails are what else there is to say of what failed.
func failureDetails(f *probe.Failure) []string {
	var all []string
	subjectDetails(&f.Subject, func(text string) {
		if text != "" {
			all = append(all, text)
		}
	})
	return all
}
