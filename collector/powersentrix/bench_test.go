package powersentrix

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/collector"
	"power_exporter/exposition"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// full is what a UPS with all that there can be says of itself.
func full(b *testing.B) []byte {
	b.Helper()
	body, err := json.Marshal(powersentrixsim.MustRecorded("full").Data)
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// decoded is what a body says.
func decoded(b *testing.B, body []byte) *powersentrix.State {
	b.Helper()
	var s powersentrix.State
	if err := s.MergeData(body); err != nil {
		b.Fatal(err)
	}
	return &s
}

// BenchmarkDecode decodes the answer of a fully equipped UPS.
func BenchmarkDecode(b *testing.B) {
	body := full(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		decoded(b, body)
	}
}

// BenchmarkMap maps what was decoded.
func BenchmarkMap(b *testing.B) {
	s := decoded(b, full(b))
	b.ReportAllocs()
	for b.Loop() {
		s.Device("ups", powersentrix.Options{})
	}
}

// BenchmarkEncode writes the device as text.
func BenchmarkEncode(b *testing.B) {
	devices := []power.Device{decoded(b, full(b)).Device("ups", powersentrix.Options{})}
	b.ReportAllocs()
	for b.Loop() {
		if err := exposition.WriteText(io.Discard, devices, exposition.Probe{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReading measures a reading that is the first of its collector, and one
// that is not, each of which the server answers after a delay. It also reports
// how many requests a reading makes, and bytes of the bodies both ways.
func BenchmarkReading(b *testing.B) {
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		ups, address := powersentrixsim.StartUPS(b, powersentrixsim.Options{APIKey: key, Latency: delay}, manual())
		b.Run(fmt.Sprintf("direct/%s", delay), func(b *testing.B) { benchmark(b, options(b, address), ups.Stats) })
		for _, concurrency := range []int{2, 8} {
			sim := simPortal()
			sim.Latency = delay
			portal, address := powersentrixsim.StartPortal(b, sim, fleet(b, 20)...)
			o := portalOptions(b, address)
			o.Concurrency = concurrency
			b.Run(fmt.Sprintf("portal/%s/%d-at-a-time", delay, concurrency), func(b *testing.B) { benchmark(b, o, portal.Stats) })
		}
	}
}

// benchmark measures cold and warm probes of one server.
func benchmark(b *testing.B, o Options, stats func() powersentrixsim.Stats) {
	b.Helper()
	var connections atomic.Int64
	made := func() *Collector {
		c := New(o, collector.NewGate(max(o.Concurrency, 2)))
		if transport, ok := c.client.HTTP().Transport.(*http.Transport); ok {
			transport.DialContext = counting(&connections)
		}
		return c
	}
	report := func(b *testing.B, before powersentrixsim.Stats, dialled int64) {
		b.Helper()
		after := stats()
		n, requests := float64(b.N), 0
		for name, count := range after.Requests {
			requests += count - before.Requests[name]
		}
		b.ReportMetric(float64(requests)/n, "requests/op")
		b.ReportMetric(float64(after.BytesOut-before.BytesOut)/n, "B-in/op")
		b.ReportMetric(float64(after.BytesIn-before.BytesIn)/n, "B-out/op")
		b.ReportMetric(float64(connections.Load()-dialled)/n, "connections/op")
	}
	b.Run("cold", func(b *testing.B) {
		before, dialled := stats(), connections.Load()
		for b.Loop() {
			c := made()
			mustCollect(b, c)
			if err := c.Close(); err != nil {
				b.Error(err)
			}
		}
		report(b, before, dialled)
	})
	b.Run("warm", func(b *testing.B) {
		c := made()
		mustCollect(b, c)
		before, dialled := stats(), connections.Load()
		for b.Loop() {
			mustCollect(b, c)
		}
		report(b, before, dialled)
		if err := c.Close(); err != nil {
			b.Error(err)
		}
	})
}

// counting dials and counts.
func counting(n *atomic.Int64) func(context.Context, string, string) (net.Conn, error) {
	var dialer net.Dialer
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		n.Add(1)
		return dialer.DialContext(ctx, network, address)
	}
}
