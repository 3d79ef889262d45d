package nut

import (
	"io"
	"log/slog"
	"net"
	"strconv"
	"testing"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/leak"
)

// TestNothingIsLeftBehind probes servers that misbehave a thousand times each,
// and counts what is left: no goroutine, no descriptor.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, c := range []struct {
		name string
		talk func(net.Conn)
	}{
		{"hangs", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{"resets", func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }},
		{"resets after the names", func(c net.Conn) {
			heard(c)
			_, _ = io.WriteString(c, "BEGIN LIST UPS\nUPS a \"\"\nEND LIST UPS\n")
			heard(c)
			_ = c.(*net.TCPConn).SetLinger(0)
		}},
		{"sends a byte a second", func(c net.Conn) {
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				_, _ = io.Copy(io.Discard, c)
			}()
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				if _, err := io.WriteString(c, "B"); err != nil {
					return
				}
				select {
				case <-tick.C:
				case <-gone:
					return
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := serve(t, c.talk)
			pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
			probe := func(n int) {
				r := pool.Read(t.Context(), collector.Source{
					Key:            strconv.Itoa(n),
					Device:         strconv.Itoa(n), // so that they do not wait for each other
					MaxConcurrency: 1,
					New: func(gate *collector.Gate) collector.Collector {
						return New(Options{Address: address}, gate)
					},
				}, 20*time.Millisecond, slog.New(slog.DiscardHandler))
				if r.Err == nil {
					t.Errorf("probe %d succeeded", n)
				}
			}
			leak.None(t, leak.Load{Warm: func() { probe(0) }, Work: probe, Times: 1000, AtOnce: 50})
		})
	}
}
