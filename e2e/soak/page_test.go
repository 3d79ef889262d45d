package soak

import (
	"strconv"
	"strings"
	"time"
)

// page is an answer of the exporter.
type page struct {
	path   string
	status int
	body   string
	took   time.Duration
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

// number is the value of a series; 0 if it has none.
func (p page) number(series string) float64 {
	number, _ := strconv.ParseFloat(p.value(series), 64) // 0 with an error
	return number
}

// succeeded says whether the page is that of a probe that did.
func (p page) succeeded() bool { return p.status == 200 && p.value("probe_success") == "1" }
