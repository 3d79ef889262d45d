package powerpulse

import (
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector/nut"
)

// BenchmarkCollect reads six UPSes of a PowerPulse again and again.
func BenchmarkCollect(b *testing.B) {
	c, _ := start(b, powerpulsesim.Options{}, powerpulsesim.MustRecorded("running"))
	mustCollect(b, c)
	for b.Loop() {
		mustCollect(b, c)
	}
}

// BenchmarkMap decodes and maps what was read, without the network.
func BenchmarkMap(b *testing.B) {
	for _, name := range []string{"running", "raw"} {
		b.Run(name, func(b *testing.B) {
			body := []byte(powerpulsesim.MustRecorded(name).Systems)
			b.ReportAllocs()
			for b.Loop() {
				list, err := decode(body)
				if err != nil {
					b.Fatal(err)
				}
				for i := range list {
					devices(&list[i], nut.Natives{})
				}
			}
		})
	}
}
