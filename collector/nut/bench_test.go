package nut

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"

	"power_exporter/bench/fleet/large"
	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/exposition"
	"power_exporter/power"
)

// fleets are the UPSes of the servers that are measured: the largest PDU, a rack
// of small ones, and many.
func fleets(b *testing.B) map[string][]nutsim.UPS {
	b.Helper()
	pdu, err := large.NUT(48)
	if err != nil {
		b.Fatal(err)
	}
	all := map[string][]nutsim.UPS{"outlets=48": {pdu}}
	for _, n := range []int{1, 5, 100} {
		if all[fmt.Sprintf("upses=%d", n)], err = large.SmallUPSes(n); err != nil {
			b.Fatal(err)
		}
	}
	return all
}

// ofFleets measures each of them: what its server answers, and the names.
func ofFleets(b *testing.B, measure func(b *testing.B, answer []byte, names []string)) {
	b.Helper()
	all := fleets(b)
	for _, name := range []string{"outlets=48", "upses=1", "upses=5", "upses=100"} {
		answer, names := answerOf(all[name])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			measure(b, answer, names)
		})
	}
}

// BenchmarkDecode reads and understands what a server answers: no network, no
// mapping.
func BenchmarkDecode(b *testing.B) {
	ofFleets(b, func(b *testing.B, answer []byte, names []string) {
		b.Helper()
		b.SetBytes(int64(len(answer)))
		for b.Loop() {
			decodeAll(b, answer, names)
		}
	})
}

// BenchmarkMap maps what was read.
func BenchmarkMap(b *testing.B) {
	ofFleets(b, func(b *testing.B, answer []byte, names []string) {
		b.Helper()
		list := decodeAll(b, answer, names)
		for b.Loop() {
			mapAll(list)
		}
	})
}

// BenchmarkEncode writes the devices as text.
func BenchmarkEncode(b *testing.B) {
	ofFleets(b, func(b *testing.B, answer []byte, names []string) {
		b.Helper()
		devices := mapAll(decodeAll(b, answer, names))
		for b.Loop() {
			if err := exposition.WriteText(io.Discard, devices, exposition.Probe{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// decodeAll is what a client makes of an answer.
func decodeAll(b *testing.B, answer []byte, names []string) []UPS {
	b.Helper()
	conn := &conn{}
	conn.use(recorded{answer: bytes.NewReader(answer)})
	x := exchange{ctx: b.Context(), conn: conn, read: map[string]UPS{}}
	var c client
	list, err := x.result(c.converse(&x, names))
	if err != nil {
		b.Fatal(err)
	}
	return list
}

// mapAll is the devices of all UPSes.
func mapAll(list []UPS) []power.Device {
	var devices []power.Device
	for _, ups := range list {
		devices = append(devices, Devices(ups, Natives{})...)
	}
	return devices
}

// answerOf is what a server with the UPSes answers to a client that knows them:
// variables in the order of their names.
func answerOf(upses []nutsim.UPS) (answer []byte, names []string) {
	var list, variables bytes.Buffer
	for _, u := range upses {
		names = append(names, u.Name)
		fmt.Fprintf(&list, "UPS %s \"%s\"\n", u.Name, u.Description)
		fmt.Fprintf(&variables, "BEGIN LIST VAR %s\n", u.Name)
		for _, variable := range slices.Sorted(maps.Keys(u.Variables)) {
			fmt.Fprintf(&variables, "VAR %s %s \"%s\"\n", u.Name, variable, u.Variables[variable])
		}
		fmt.Fprintf(&variables, "END LIST VAR %s\n", u.Name)
	}
	return fmt.Appendf(nil, "BEGIN LIST UPS\n%sEND LIST UPS\n%s", list.String(), variables.String()), names
}
