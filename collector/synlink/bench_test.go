package synlink

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
	"power_exporter/internal/synlink"
)

// BenchmarkCollect makes readings of a PDU with 36 outlets: by seven requests
// to a server that costs nothing, and by its stream.
func BenchmarkCollect(b *testing.B) {
	model := synlinksim.MustRecorded("rack36")
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
	model := synlinksim.MustRecorded("rack36")
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
