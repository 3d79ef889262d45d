package ems

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"power_exporter/collector"
	"power_exporter/power"
)

// maxSightings is how many values of one si are shown.
const maxSightings = 5

// findings is what a person wants to know about a reading who sets the exporter
// up.
type findings struct {
	values  int // that the EMS gave
	placed  int // of signals that are read
	off     int // signals that are switched off, or whose load is
	silent  int // signals without a value
	empty   int // values without a number
	undated int // values without a time
	old     int // values that are too old
	ahead   int // values whose time is too far in the future

	sightings map[string][]sighting // of the signals without a mapping, by si
	repeats   []repeat
}

// sighting is a signal without a mapping.
type sighting struct {
	channel *channel
	value   power.Number // absent if there is none that is new enough
}

// repeat is a signal that is mapped to what another one is already.
type repeat struct {
	channel *channel
	signal  *signal
	first   string // uid of the other one
}

// unmapped notes a signal without a mapping, if it can have one.
func (f *findings) unmapped(ch *channel, s *signal, v valueReply) {
	if _, ok := s.number(); !ok {
		return
	}
	if f.sightings == nil {
		f.sightings = map[string][]sighting{}
	}
	f.sightings[s.SI.String()] = append(f.sightings[s.SI.String()], sighting{ch, v.V})
}

// repeat notes a signal that is mapped to what another one is already.
func (f *findings) repeat(ch *channel, s *signal, first string) {
	f.repeats = append(f.repeats, repeat{ch, s, first})
}

// log tells what was found, where somebody listens.
func (m *mapping) log(ctx context.Context) {
	logger, f := collector.Logger(ctx), &m.found
	if !logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	logger.Debug("values read", "values", f.values, "unused", f.values-f.placed, "without_number", f.empty, "without_time", f.undated,
		"too_old", f.old, "from_the_future", f.ahead, "signals_without_value", f.silent, "signals_off", f.off)
	for _, r := range f.repeats {
		logger.Debug("another signal of the load has the same quantity and line, so this one is exported raw",
			"load", r.channel.title(), "signal", r.signal.UID.String(), "si", r.signal.SI.String(), "other_signal", r.first)
	}
	for _, si := range slices.SortedFunc(maps.Keys(f.sightings), byUID) {
		logger.Debug("unmapped: complete this line under ems.signals", "line", suggestion(si, f.sightings[si]))
	}
}

// suggestion is a line of YAML for an si, with what was seen of it. It has no
// quotes, so that it is legible in a log.
func suggestion(si string, seen []sighting) string {
	// What has a value comes first.
	slices.SortStableFunc(seen, func(a, b sighting) int { return rank(a) - rank(b) })
	var shown []string
	for _, s := range seen[:min(len(seen), maxSightings)] {
		value := "no value"
		if s.value.Present() {
			v, _ := power.Raw(s.value).Get()
			value = strconv.FormatFloat(v, 'f', -1, 64)
		}
		shown = append(shown, value+" at load "+s.channel.title())
	}
	if more := len(seen) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	return plain(si) + ": {quantity: , line: } # " + strings.Join(shown, ", ")
}

// rank puts what has a value before what has none.
func rank(s sighting) int {
	if s.value.Present() {
		return 0
	}
	return 1
}

// title is the load's id and label.
func (c *channel) title() string {
	return strings.TrimSpace(plain(c.id + " " + c.load.Label.String()))
}

// plain is a text without what a log would have to escape.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r == '\\':
			return '/'
		case !unicode.IsPrint(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}
