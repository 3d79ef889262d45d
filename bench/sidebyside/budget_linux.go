package main

import (
	"fmt"
	"strings"
	"time"
)

const (
	// timeBudget is how many times the floor's time a probe of a target that was
	// probed before may take over a link with this round-trip time.
	timeBudget = 1.1
	budgetRTT  = 50 * time.Millisecond

	// cpuBudget is how many times the CPU time of json_exporter's a probe of the
	// PDU may take.
	cpuBudget = 1.0
)

// verdict is how something stands to its budget.
type verdict struct {
	what   string
	times  float64 // the other's
	other  string
	budget float64 // 0 is none
}

// kept reports whether the budget is kept.
func (v verdict) kept() bool { return v.budget == 0 || v.times <= v.budget }

// String says it.
func (v verdict) String() string {
	text := fmt.Sprintf("%s: %.2f × %s", v.what, v.times, v.other)
	switch {
	case v.budget == 0:
		return text + ", without a budget"
	case v.kept():
		return fmt.Sprintf("%s, at most %.2f: pass", text, v.budget)
	}
	return fmt.Sprintf("%s, at most %.2f: FAIL", text, v.budget)
}

// judge holds the exporter's rows on the link of the budget against their floors,
// and its CPU time against json_exporter's.
func judge(rows []row, costs []cost) []verdict {
	var verdicts []verdict
	for _, r := range rows {
		if r.rtt == budgetRTT && strings.HasPrefix(r.name, exporter) {
			verdicts = append(verdicts, verdict{
				what:  fmt.Sprintf("%s with a round-trip time of %v, %s", r.server, r.rtt, r.name),
				times: timesFloor(rows, r), other: "the floor", budget: r.budget,
			})
		}
	}
	spent := map[string]time.Duration{}
	for _, c := range costs {
		if c.server == onPDU {
			spent[c.name] = c.cpu
		}
	}
	return append(verdicts, verdict{
		what:  fmt.Sprintf("CPU time of a reading of the %s, %s", onPDU, exporter),
		times: float64(spent[exporter]) / float64(spent[jsonExporter]), other: jsonExporter + "'s", budget: cpuBudget,
	})
}

// timesFloor is how many times the median time of its floor a row took; 1 for a
// floor.
func timesFloor(rows []row, r row) float64 {
	for _, floor := range rows {
		if floor.rtt == r.rtt && floor.server == r.server && floor.name == r.floor {
			return float64(r.Median) / float64(floor.Median)
		}
	}
	return 1
}
