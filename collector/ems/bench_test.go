package ems

import (
	"io"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/collector"
	"power_exporter/exposition"
	"power_exporter/power"
)

// answered is what an EMS with 1,500 signals answers to the question for their
// values, a collector that knows the signals, and the time of the values.
func answered(b *testing.B) (c *Collector, body []byte, now time.Time) {
	b.Helper()
	c, ems := start(b, emssim.Options{}, emssim.Large(1500), func(o *Options) { o.PageSize = 2000 })
	mustCollect(b, c)
	q := c.question(realtime, 1)
	q.read = func(answer []byte) error {
		body = answer
		return nil
	}
	if c.client.ask(b.Context(), &q); q.err != nil {
		b.Fatal(q.err)
	}
	return c, body, time.UnixMilli(ems.Model().Realtime[0].T)
}

// decodedValues is what an answer says.
func decodedValues(b *testing.B, body []byte) []valueReply {
	b.Helper()
	list, _, err := decodeList[valueReply](realtime.member(), body, maxEntries)
	if err != nil {
		b.Fatal(err)
	}
	return list
}

// mapped is the devices of a list.
func mapped(c *Collector, list []valueReply, now time.Time) []power.Device {
	m := newMapping(c.signals, c.maxAge, false, now, list)
	var devices []power.Device
	for i := range c.meters {
		devices = append(devices, m.device(&c.meters[i]))
	}
	return devices
}

// BenchmarkDecode decodes the values of 1,500 signals.
func BenchmarkDecode(b *testing.B) {
	_, body, _ := answered(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		decodedValues(b, body)
	}
}

// BenchmarkMap maps what was decoded.
func BenchmarkMap(b *testing.B) {
	c, body, now := answered(b)
	list := decodedValues(b, body)
	b.ReportAllocs()
	for b.Loop() {
		mapped(c, list, now)
	}
}

// BenchmarkEncode writes the devices as text.
func BenchmarkEncode(b *testing.B) {
	c, body, now := answered(b)
	devices := mapped(c, decodedValues(b, body), now)
	b.ReportAllocs()
	for b.Loop() {
		if err := exposition.WriteText(io.Discard, devices, exposition.Probe{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReading reads 1,500 signals of an EMS that takes 50 ms for each answer:
// for the first time, and when it is known.
func BenchmarkReading(b *testing.B) {
	for _, size := range []int{1000, 2000} {
		change := func(o *Options) { o.PageSize = size }
		sim := emssim.Options{Latency: 50 * time.Millisecond}
		name := map[int]string{1000: "two pages", 2000: "one page"}[size]
		b.Run("first/"+name, func(b *testing.B) {
			ems, address := emssim.Start(b, sim, emssim.Large(1500))
			o := options(b, address)
			change(&o)
			before := ems.Stats()
			for b.Loop() {
				c := New(o, collector.NewGate(2))
				mustCollect(b, c)
				_ = c.Close()
			}
			report(b, before, ems.Stats())
		})
		b.Run("later/"+name, func(b *testing.B) {
			c, ems := start(b, sim, emssim.Large(1500), change)
			mustCollect(b, c)
			before := ems.Stats()
			for b.Loop() {
				mustCollect(b, c)
			}
			report(b, before, ems.Stats())
		})
	}
}

// report tells what one reading costs the EMS.
func report(b *testing.B, before, after emssim.Stats) {
	b.Helper()
	requests := 0
	for path, n := range after.Requests {
		requests += n - before.Requests[path]
	}
	b.ReportMetric(float64(requests)/float64(b.N), "requests/op")
	b.ReportMetric(float64(after.BytesOut-before.BytesOut)/float64(b.N), "bytes/op")
}
