package e2e

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// page is an answer of the exporter.
type page struct {
	path   string
	status int
	header http.Header
	body   string
	took   time.Duration
}

// wantStatus ends the test if the status is another.
func (p page) wantStatus(t *testing.T, status int) {
	t.Helper()
	if p.status != status {
		t.Fatalf("%s: status %d, want %d:\n%s", p.path, p.status, status, p.body)
	}
}

// wantText fails the test if one of the texts is not on the page.
func (p page) wantText(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			t.Errorf("%s: %q is missing in\n%s", p.path, text, p.body)
		}
	}
}

// value is that of a series, written as on the page; "" if it has none.
func (p page) value(series string) string {
	for line := range strings.Lines(p.body) {
		if value, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), series+" "); ok {
			return value
		}
	}
	return ""
}

// number is the value of a series that must be there.
func (p page) number(t *testing.T, series string) float64 {
	t.Helper()
	number, err := strconv.ParseFloat(p.value(series), 64)
	if err != nil {
		t.Fatalf("%s: %s: %v in\n%s", p.path, series, err, p.body)
	}
	return number
}

// differs says which of the series have another value than wanted.
func (p page) differs(want map[string]string) error {
	for series, value := range want {
		if got := p.value(series); got != value {
			return fmt.Errorf("%s: %s is %q, want %q", p.path, series, got, value)
		}
	}
	return nil
}

// want fails the test if one of the series has another value.
func (p page) want(t *testing.T, want map[string]string) {
	t.Helper()
	if err := p.differs(want); err != nil {
		t.Errorf("%v in\n%s", err, p.body)
	}
}

// seriesOf is the lines of one device, in order.
func (p page) seriesOf(device string) string {
	var lines strings.Builder
	own := regexp.MustCompile(`[{,]device="` + regexp.QuoteMeta(device) + `"`)
	for line := range strings.Lines(p.body) {
		if own.MatchString(line) {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

// volatile is all series whose values differ from one probe to the next.
var volatile = regexp.MustCompile(`(?m)^((?:probe_duration_seconds|power_probe_request_duration_seconds)(?:\{.*\})?) .*$`)

// stable is a probe's metrics, with a word for what is volatile.
func stable(metrics string) string {
	return volatile.ReplaceAllString(metrics, "$1 VOLATILE")
}
