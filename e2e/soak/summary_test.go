package soak

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
)

// mebibyte is the unit of memory in the summary.
const mebibyte = 1 << 20

// summary is what happened, in Markdown.
func (l *load) summary(baseline, left sample) string {
	var text strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	c := &l.counts
	say("%s of load, seed %d, %d targets, %s, %d CPUs.\n", *soakTime, l.seed, len(l.devices), runtime.Version(), runtime.NumCPU())
	say("| kind | targets | probes | succeeded | failed | median ms | p95 ms | p99 ms |\n|---|---:|---:|---:|---:|---:|---:|---:|")
	all := &outcome{}
	have := map[string]int{}
	for _, d := range l.devices {
		have[d.kind]++
	}
	for _, kind := range slices.Sorted(maps.Keys(c.kinds)) {
		o := c.kinds[kind]
		o.targets = have[kind]
		o.say(kind, say)
		all.targets += o.targets
		all.succeeded += o.succeeded
		all.failed += o.failed
		all.took = append(all.took, o.took...)
	}
	all.say("**all**", say)
	say("\n- %d faults were begun. %d probes were of targets that the configuration did not have, %d were not made since the one before was under way.", c.troubles, c.refused, c.skipped)
	say("- %d requests for pages and lists of targets. %d reloads were good, in %s (median) to %s; %d were refused.", c.browsed, c.reloads[200],
		quantile(c.reloaded, .5).Round(time.Millisecond), quantile(c.reloaded, 1).Round(time.Millisecond), c.reloads[500])
	say("- %d counters of targets and %d of the exporter were compared with the time before.", c.energies, l.watched.compared)
	l.sayPushes(say)
	say("\n| | first third | second | last | at the beginning | at the end |\n|---|---:|---:|---:|---:|---:|")
	thirds := l.watched.thirds()
	for _, row := range []struct {
		name  string
		unit  float64
		of    func([]sample, func(sample) float64) float64
		value func(sample) float64
	}{
		{"resident memory, MiB, median", mebibyte, median, func(s sample) float64 { return s.resident }},
		{"heap after a collection, MiB, median", mebibyte, median, func(s sample) float64 { return s.heap }},
		{"heap after a collection, MiB, least", mebibyte, least, func(s sample) float64 { return s.heap }},
		{"goroutines, median", 1, median, func(s sample) float64 { return s.goroutines }},
		{"open files, median", 1, median, func(s sample) float64 { return s.files }},
	} {
		say("| %s | %.0f | %.0f | %.0f | %.0f | %.0f |", row.name, row.of(thirds[0], row.value)/row.unit, row.of(thirds[1], row.value)/row.unit,
			row.of(thirds[2], row.value)/row.unit, row.value(baseline)/row.unit, row.value(left)/row.unit)
	}
	return text.String()
}

// say writes a row of the table.
func (o *outcome) say(kind string, say func(string, ...any)) {
	ms := func(q float64) float64 { return float64(quantile(o.took, q)) / float64(time.Millisecond) }
	say("| %s | %d | %d | %d | %d | %.0f | %.0f | %.0f |", kind, o.targets, o.succeeded+o.failed, o.succeeded, o.failed, ms(.5), ms(.95), ms(.99))
}

// sayPushes writes of the pushes.
func (l *load) sayPushes(say func(string, ...any)) {
	total := 0
	for _, n := range l.pushes.acknowledged() {
		total += n
	}
	stats := l.pushes.fleet.Stats()
	say("- %d UPSes pushed: %v were taken of %v that were sent, %d repeated, failed %v. Median %s, p99 %s.", *upses, stats.Acknowledged, stats.Sent,
		stats.Repeated, stats.Failed, latency(stats, .5), latency(stats, .99))
	posted := map[int]int{}
	for _, h := range l.pushes.hooks {
		for status, n := range h.statuses {
			posted[status] += n
		}
	}
	say("- %d PDUs posted, by status (0 is none): %v. Guessed secrets: %v. With a wrong company: %v.", *hooks, posted, l.pushes.guesser.statuses,
		l.pushes.strangers.Stats().Failed)
	say("- On the way %d answers were lost and %d requests cut off. %d events were taken.", l.pushes.link.lost, l.pushes.link.cut, total)
}

// latency is a quantile of a fleet's.
func latency(stats powersentrixsim.PushStats, q float64) time.Duration {
	return stats.Latency.Quantile(q)
}
