package cloudtrax

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/collector"
	"power_exporter/power"
)

const (
	// manual is the network of the document's samples. Strip 1 is up, with 116 V in
	// the list and 115 V in its own object; strip 2 is down.
	manual     = "12345"
	manualList = "/powerstrip/network/12345/list"
	office     = "23456"
	large      = "34567"

	// whole is what is read of manual when nothing fails, and listOnly when the
	// object of strip 1 does.
	whole    = "ac:86:74:00:00:00 up 115 V 6 outlets, ac:86:74:00:00:01 down"
	listOnly = "ac:86:74:00:00:00 up 116 V 0 outlets, ac:86:74:00:00:01 down"
)

// options reads a network of the simulator at an address.
func options(tb testing.TB, address, network string) Options {
	tb.Helper()
	base, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	return Options{
		Base: base, Network: network, Ports: true, MaxConcurrency: 4,
		Key: cloudtraxsim.DemoKey, Secret: cloudtraxsim.DemoSecret, AuthName: "cloud",
	}
}

// open is a collector that is closed when the test ends.
func open(tb testing.TB, o Options) *Collector {
	tb.Helper()
	c := New(o, collector.NewGate(o.MaxConcurrency))
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	return c
}

// serve answers with a handler until the test ends.
func serve(tb testing.TB, handler http.Handler) (address string) {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	return server.URL
}

// play is a cloud, and the handler in front of it, which answers the paths it
// knows in its stead.
func play(tb testing.TB, instead map[string]http.HandlerFunc, networks ...cloudtraxsim.Network) (*cloudtraxsim.Cloud, string) {
	tb.Helper()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{}, networks...)
	tb.Cleanup(func() {
		if err := cloud.Close(); err != nil {
			tb.Error(err)
		}
	})
	return cloud, serve(tb, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handler, ok := instead[r.URL.Path]; ok {
			handler(w, r)
			return
		}
		cloud.ServeHTTP(w, r)
	}))
}

// inProcess answers requests without a network, so that the clock can be that of
// a bubble.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Body = http.NoBody
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

// inBubble is a collector of a handler without a network.
func inBubble(tb testing.TB, handler http.Handler, network string) *Collector {
	tb.Helper()
	c := open(tb, options(tb, "http://cloud.example.net", network))
	c.client.rest.HTTP().Transport = transport{inProcess{handler}, c.client.wait}
	return c
}

// collect reads within a time that is more than enough.
func collect(tb testing.TB, c *Collector) ([]power.Device, error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	return c.Collect(ctx)
}

// deadline is a context whose time is over when a test says so.
type deadline struct {
	context.Context
	over chan struct{}
}

func (d deadline) Done() <-chan struct{} { return d.over }

func (d deadline) Err() error {
	select {
	case <-d.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// overOnceAsked is a context whose time is over when the cloud was asked for the
// path.
func overOnceAsked(tb testing.TB, cloud *cloudtraxsim.Cloud, path string) context.Context {
	tb.Helper()
	d := deadline{tb.Context(), make(chan struct{})}
	go func() {
		defer close(d.over)
		if err := cloud.Wait(tb.Context(), func(s cloudtraxsim.Stats) bool { return s.Requests["GET "+path] > 0 }); err != nil {
			tb.Error(err)
		}
	}()
	tb.Cleanup(func() { <-d.over })
	return d
}

// summary is what is asked of devices most often.
func summary(devices []power.Device) string {
	var all []string
	for _, d := range devices {
		text := d.ID + " down"
		if d.Up {
			text = fmt.Sprintf("%s up %s V %d outlets", d.ID, d.Inlets[0].Voltage, len(d.Outlets))
		}
		if d.ReadingAge.Present() {
			text += fmt.Sprintf(" %s s old", d.ReadingAge)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// varying are the parts of an error that differ from run to run.
var varying = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`http://(127\.0\.0\.1:\d+|cloud\.example\.net)`), ""},
	{regexp.MustCompile(`until \S+Z`), "until T"},
	{regexp.MustCompile(`: (read|write) tcp \S+: (read|write): (connection reset by peer|broken pipe)$|: the server closed the connection$`), ": reset"},
}

// message is the text of an error without what differs from run to run; empty for
// none.
func message(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.instead)
	}
	return text
}

// expect reads and compares.
func expect(tb testing.TB, c *Collector, what, devices, failure string) {
	tb.Helper()
	got, err := collect(tb, c)
	if s := summary(got); s != devices {
		tb.Errorf("%s: devices\n%s\nwant\n%s", what, s, devices)
	}
	if m := message(err); m != failure {
		tb.Errorf("%s: error\n%s\nwant\n%s", what, m, failure)
	}
}
