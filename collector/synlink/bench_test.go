package synlink

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"power_exporter/bench/fleet/large"
	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
	"power_exporter/exposition"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// outlets is how many the largest PDU has.
const outlets = 48

// largest is that PDU.
func largest(b *testing.B) synlinksim.Model {
	b.Helper()
	model, err := large.SynLink(outlets)
	if err != nil {
		b.Fatal(err)
	}
	return model
}

// BenchmarkDecode decodes the answers of the default endpoints.
func BenchmarkDecode(b *testing.B) {
	model := largest(b)
	bytes := 0
	for _, endpoint := range endpoints[:7] {
		bytes += len(model.Replies[endpoint])
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		answered(b, model, endpoints[:7])
	}
}

// BenchmarkMap maps what was decoded.
func BenchmarkMap(b *testing.B) {
	r := answered(b, largest(b), endpoints[:7])
	b.ReportAllocs()
	for b.Loop() {
		r.Device()
	}
}

// BenchmarkEncode writes the device as text.
func BenchmarkEncode(b *testing.B) {
	r := answered(b, largest(b), endpoints[:7])
	devices := []power.Device{r.Device()}
	b.ReportAllocs()
	for b.Loop() {
		if err := exposition.WriteText(io.Discard, devices, exposition.Probe{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReading makes readings of the largest PDU: by seven requests to a
// server that costs nothing, and by its stream.
func BenchmarkReading(b *testing.B) {
	model := largest(b)
	o := options(&url.URL{Scheme: "http", Host: "pdu.example.net"})
	o.Endpoints = endpoints[:7]
	b.Run("requests", func(b *testing.B) {
		o := o
		o.dial = func(context.Context, string, string) (net.Conn, error) { return newCanned(model), nil }
		c := open(b, o)
		read(b, c)
		b.ReportAllocs()
		for b.Loop() {
			read(b, c)
		}
	})
	b.Run("stream", func(b *testing.B) {
		o := o
		o.Stream = true
		c := New(o, collector.NewGate(2))
		c.stream.begun = time.Now() // nothing is to be read
		c.keep(answered(b, model, o.Endpoints), time.Now(), nil)
		frame := frameOf(b, model)
		b.ReportAllocs()
		for b.Loop() {
			c.feed.at, c.feed.frame = time.Now(), frame
			c.base.slow = c.feed.at
			read(b, c)
		}
	})
}

// BenchmarkFrame takes in a frame of the same PDU, as comes each 2 s.
func BenchmarkFrame(b *testing.B) {
	model := largest(b)
	message := messageOf(b, model)
	f := newFeed(endpoints, time.Minute)
	f.setBase(answered(b, model, endpoints))
	now := time.Unix(0, 0)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		frame, err := synlink.DecodeFrame(message)
		if err != nil {
			b.Fatal(err)
		}
		now = now.Add(framePeriod)
		f.take(frame, now)
	}
}

// answered is what a model answers.
func answered(tb testing.TB, model synlinksim.Model, endpoints []string) synlink.Readings {
	tb.Helper()
	var r synlink.Readings
	for _, endpoint := range endpoints {
		if err := r.Answer(endpoint, model.Replies[endpoint]); err != nil {
			tb.Fatal(err)
		}
	}
	return r
}

// messageOf is a frame of a model.
func messageOf(tb testing.TB, model synlinksim.Model) []byte {
	tb.Helper()
	var message bytes.Buffer
	message.WriteString(`{"device":{"uptime":251362}`)
	for _, part := range []string{"banks", "inlets", "outlets", "sensors"} {
		fmt.Fprintf(&message, `,"%s":%s`, part, model.Replies[part])
	}
	message.WriteString("}")
	return message.Bytes()
}

func frameOf(tb testing.TB, model synlinksim.Model) synlink.Frame {
	tb.Helper()
	frame, err := synlink.DecodeFrame(messageOf(tb, model))
	if err != nil {
		tb.Fatal(err)
	}
	return frame
}

// canned is a connection to a server that answers from memory.
type canned struct {
	net.Conn
	answers map[string][]byte // by path
	asked   chan []byte
	rest    []byte
	closed  chan struct{}
}

func newCanned(model synlinksim.Model) *canned {
	c := &canned{answers: map[string][]byte{}, asked: make(chan []byte, 1), closed: make(chan struct{})}
	for endpoint, body := range model.Replies {
		c.answers["/api/"+endpoint] = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	return c
}

// Write takes a request, which comes in one piece.
func (c *canned) Write(request []byte) (int, error) {
	_, path, _ := strings.Cut(string(request), " ")
	path, _, _ = strings.Cut(path, " ")
	c.asked <- c.answers[path]
	return len(request), nil
}

func (c *canned) Read(b []byte) (int, error) {
	if len(c.rest) == 0 {
		select {
		case c.rest = <-c.asked:
		case <-c.closed:
			return 0, net.ErrClosed
		}
	}
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *canned) Close() error {
	close(c.closed)
	return nil
}
