package cloudtrax

import (
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// BenchmarkReading reads 40 strips, of which 36 are up, from a service that is 50
// ms away: with new connections, and with those of the reading before.
func BenchmarkReading(b *testing.B) {
	for _, name := range []string{"cold", "warm"} {
		b.Run(name, func(b *testing.B) {
			cloud, address := cloudtraxsim.Start(b, cloudtraxsim.Options{Latency: 50 * time.Millisecond}, cloudtraxsim.Large(40))
			c := open(b, options(b, address, large))
			read := func() {
				if devices, err := collect(b, c); err != nil || len(devices) != 40 {
					b.Fatalf("%d devices, %v", len(devices), err)
				}
			}
			if name == "warm" {
				read()
			}
			before := cloud.Stats()
			for b.Loop() {
				if name == "cold" {
					_ = c.Close()
				}
				read()
			}
			after := cloud.Stats()
			b.ReportMetric(float64(after.Answers[200]-before.Answers[200])/float64(b.N), "requests/op")
			b.ReportMetric(float64(after.BytesOut-before.BytesOut)/float64(b.N), "body-bytes/op")
		})
	}
}
