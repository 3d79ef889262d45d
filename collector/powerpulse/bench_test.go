package powerpulse

import (
	"fmt"
	"io"
	"testing"

	"power_exporter/bench/fleet/large"
	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector/nut"
	"power_exporter/exposition"
	"power_exporter/power"
)

// many is how many UPSes a large PowerPulse has.
const many = 100

// models are what is measured: the running program with few UPSes, and raw
// variables of many.
func models(b *testing.B) []powerpulsesim.Model {
	b.Helper()
	raw, err := large.PowerPulse(many)
	if err != nil {
		b.Fatal(err)
	}
	raw.Name = fmt.Sprintf("upses=%d", many)
	return []powerpulsesim.Model{powerpulsesim.MustRecorded("running"), raw}
}

// BenchmarkReading reads all UPSes of a PowerPulse again and again.
func BenchmarkReading(b *testing.B) {
	for _, model := range models(b) {
		b.Run(model.Name, func(b *testing.B) {
			c, _ := start(b, powerpulsesim.Options{}, model)
			mustCollect(b, c)
			b.ReportAllocs()
			for b.Loop() {
				mustCollect(b, c)
			}
		})
	}
}

// BenchmarkDecode decodes what was read, without the network.
func BenchmarkDecode(b *testing.B) {
	for _, model := range models(b) {
		b.Run(model.Name, func(b *testing.B) {
			b.SetBytes(int64(len(model.Systems)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(model.Systems); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMap maps what was decoded.
func BenchmarkMap(b *testing.B) {
	for _, model := range models(b) {
		b.Run(model.Name, func(b *testing.B) {
			list := decoded(b, model)
			b.ReportAllocs()
			for b.Loop() {
				mapped(list)
			}
		})
	}
}

// BenchmarkEncode writes the devices as text.
func BenchmarkEncode(b *testing.B) {
	for _, model := range models(b) {
		b.Run(model.Name, func(b *testing.B) {
			all := mapped(decoded(b, model))
			b.ReportAllocs()
			for b.Loop() {
				if err := exposition.WriteText(io.Discard, all, exposition.Probe{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// decoded is what a model's list says.
func decoded(b *testing.B, model powerpulsesim.Model) []system {
	b.Helper()
	list, err := decode(model.Systems)
	if err != nil {
		b.Fatal(err)
	}
	return list
}

// mapped is the devices of a list.
func mapped(list []system) []power.Device {
	var all []power.Device
	for i := range list {
		all = append(all, devices(&list[i], nut.Natives{})...)
	}
	return all
}
