package ems

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// odd is one of the ways in which an EMS might write a number or a text.
func odd(n int) *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Just[any](n), rapid.Just[any](n), rapid.Just[any](strconv.Itoa(n)), rapid.Just[any](float64(n)+0.5),
		rapid.Just[any](true), rapid.Just[any]("off"), rapid.Just[any](nil), rapid.Just[any]([]int{n}), rapid.Just[any](map[string]int{"value": n}), rapid.Just[any]("\x00\"ü\\"),
	)
}

// object draws an object with some of the members, whose numbers are small so
// that they meet.
func object(t *rapid.T, members ...string) any {
	o := map[string]any{}
	for _, name := range members {
		if rapid.IntRange(0, 9).Draw(t, "has "+name) > 0 {
			o[name] = odd(rapid.IntRange(0, 4).Draw(t, name)).Draw(t, "as")
		}
	}
	return o
}

// draw draws a list, keyed by uid or as an array.
func draw[T any, P entry[T]](t *rapid.T, e endpoint, entry func() any) []T {
	var of any
	if n := rapid.IntRange(0, 6).Draw(t, string(e)); rapid.Bool().Draw(t, "array") {
		list := make([]any, n)
		for i := range list {
			list[i] = entry()
		}
		of = list
	} else {
		keyed := map[string]any{}
		for i := range n {
			keyed[strconv.Itoa(i)] = entry()
		}
		of = keyed
	}
	text, err := json.Marshal(map[string]any{string(e): of})
	if err != nil {
		t.Fatal(err)
	}
	l, err := decoded[T, P](e, 3, text)
	if err != nil && len(l.entries) > 0 {
		t.Errorf("%d entries and %v", len(l.entries), err)
	}
	return l.entries
}

// TestWhateverAnEMSSays maps sites that make little sense, and exports them: no
// value is in two places, and what is down has no readings.
func TestWhateverAnEMSSays(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(2)
	mapped := map[int]Signal{0: {Quantity: Voltage}, 1: {Quantity: Voltage}, 2: {Quantity: Energy, Line: "L1", Scale: 3.6e6}}
	rapid.Check(t, func(rt *rapid.T) {
		s := site{
			devices: draw[deviceReply](rt, devices, func() any { return object(rt, "uid", "label", "partNumber") }),
			loads: draw[loadReply](rt, loads, func() any {
				return object(rt, "uid", "label", "enable", "index", "type", "did", "rtu", "tcp", "meterBus", "virtual", "P1")
			}),
			signals: draw[signalReply](rt, signals, func() any { return object(rt, "uid", "si", "enable", "lid", "did") }),
		}
		values := draw[valueReply](rt, realtime, func() any { return object(rt, "uid", "si", "v", "t", "r", "s") })
		chosen := choice{protocol: rapid.SampledFrom([]string{"", "", "rtu", "P1"}).Draw(rt, "protocol")}
		if rapid.Bool().Draw(rt, "some") {
			chosen.uids = map[string]bool{"1": true, "3": true}
		}
		m := newMapping(mapped, time.Millisecond, rapid.Bool().Draw(rt, "natives"), now, values)
		var read []power.Device
		numbers := 0
		for _, x := range s.meters(chosen) {
			d := m.device(&x)
			read = append(read, d)
			if !chosen.device(d.ID) || d.Up != d.ReadingAge.Present() || !d.Up && (d.Circuits != nil || d.Natives != nil) {
				rt.Errorf("device %+v", d)
			}
			for _, circuit := range d.Circuits {
				numbers += count(circuit.Voltage)
				for _, line := range circuit.Lines {
					numbers += count(line.Energy)
				}
			}
			for _, n := range d.Natives {
				if n.ID == "" || !n.Value.Present() {
					rt.Errorf("native %+v", n)
				}
				if !strings.ContainsAny(n.Name, ".") && n.Name != "index" && n.Name != "type" {
					numbers++
				}
			}
		}
		if m.found.placed > len(values) || numbers > m.found.placed {
			rt.Errorf("%d numbers of %d values, of which %d are placed", numbers, len(values), m.found.placed)
		}
		before := len(read)
		if mended := power.Validate(read); len(mended) > 0 || len(read) != before {
			rt.Errorf("mended: %v", mended)
		}
		golden.Gather(t, exposition.NewCollector(read))
		if t.Failed() {
			rt.Fatal(fmt.Sprintf("%+v", read))
		}
	})
}

// count is 1 for a reading and 0 for none.
func count(v power.Value) int {
	if v.Present() {
		return 1
	}
	return 0
}
