package nut

import (
	"bytes"
	"fmt"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
)

// BenchmarkExchange reads and understands the answer of a server with five
// UPSes: no network, no mapping.
func BenchmarkExchange(b *testing.B) {
	answer, names := fiveUPSes(b)
	b.SetBytes(int64(len(answer)))
	b.ReportAllocs()
	for b.Loop() {
		conn := &conn{}
		conn.use(recorded{answer: bytes.NewReader(answer)})
		x := exchange{ctx: b.Context(), conn: conn, read: map[string]UPS{}}
		var c client
		if _, err := x.result(c.converse(&x, names)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDevices maps the variables of each simulated device.
func BenchmarkDevices(b *testing.B) {
	for _, name := range nutsim.Devices() {
		unit, err := nutsim.Device(name)
		if err != nil {
			b.Fatal(err)
		}
		variables := list(unit.Variables)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Devices(UPS{Name: name, Variables: variables}, Natives{})
			}
			b.ReportMetric(float64(len(unit.Variables)), "variables")
		})
	}
}

// fiveUPSes is what a server with five small UPSes answers.
func fiveUPSes(tb testing.TB) (answer []byte, names []string) {
	tb.Helper()
	unit, err := nutsim.Device("homelab")
	if err != nil {
		tb.Fatal(err)
	}
	var list, variables bytes.Buffer
	for i := range 5 {
		name := fmt.Sprintf("rack%d", i)
		names = append(names, name)
		fmt.Fprintf(&list, "UPS %s \"Rack %d\"\n", name, i)
		fmt.Fprintf(&variables, "BEGIN LIST VAR %s\n", name)
		for variable, value := range unit.Variables {
			fmt.Fprintf(&variables, "VAR %s %s %s\n", name, variable, `"`+value+`"`)
		}
		fmt.Fprintf(&variables, "END LIST VAR %s\n", name)
	}
	return fmt.Appendf(nil, "BEGIN LIST UPS\n%sEND LIST UPS\n%s", list.String(), variables.String()), names
}
