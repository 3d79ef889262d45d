package ems

import (
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/collector"
)

// BenchmarkDevices decodes and maps the values of 1,500 signals: no network.
func BenchmarkDevices(b *testing.B) {
	c, ems := start(b, emssim.Options{}, emssim.Large(1500), func(o *Options) { o.PageSize = 2000 })
	mustCollect(b, c)
	body := c.client.ask(b.Context(), c.question(realtime, 1)).body
	now := time.UnixMilli(ems.Model().Realtime[0].T)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		l, err := readPages[valueReply](realtime, pager{size: 2000, page: func(int) answer { return answer{body: body} }})
		if err != nil {
			b.Fatal(err)
		}
		m := newMapping(c.signals, c.maxAge, false, now, l.entries)
		for i := range c.meters {
			m.device(&c.meters[i])
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
