package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"power_exporter/power"
	"power_exporter/receiver"
)

// nowhere is where a benchmark's answers go.
type nowhere struct {
	header http.Header
	bytes  int
}

func (n *nowhere) Header() http.Header { return n.header }

func (n *nowhere) WriteHeader(int) {}

func (n *nowhere) Write(p []byte) (int, error) {
	n.bytes += len(p)
	return len(p), nil
}

// large is the options of an exporter with n targets, each of which was probed,
// and as many devices that push.
func large(b *testing.B, n int) Options {
	b.Helper()
	var text strings.Builder
	text.WriteString("targets:\n")
	answers := readings{}
	for i := range n {
		fmt.Fprintf(&text, "  - {name: rack-%05d, address: host%d, module: nut, labels: {site: hq%d, rack: a%d}}\n", i, i, i%10, i)
		answers[fmt.Sprintf("host%d", i)] = devices(ups("u1", true, float64(i), 50), ups("u2", true, float64(i), 60))
	}
	o := options(parsed(b, text.String()), answers)
	names := make([]string, n)
	pushed := make([]receiver.Status, n)
	for i := range n {
		names[i] = fmt.Sprintf("rack-%05d", i)
		pushed[i] = receiver.Status{
			Key: receiver.Key{Kind: "powersentrix", Sender: "acme", Device: strconv.Itoa(i)}, ID: fmt.Sprintf("ups-%05d", i), Name: "Mast",
			Vendor: "PowerSentrix", Model: "PWX", Up: i%7 > 0, Received: time.Now(), Event: "mains lost",
		}
	}
	o.Prober.Discover(b.Context(), names, time.Hour)
	if got := o.Prober.Results().Devices(names[n-1]); len(got) != 2 {
		b.Fatalf("the last target has the devices %q", got)
	}
	d := ups("ups", true, 48, 50)
	o.Pushed = func() []receiver.Status { return pushed }
	o.PushedDevice = func(string) (power.Device, bool) { return d, true }
	return o
}

// BenchmarkPages is what a page costs with 10,000 targets and as many devices
// that push.
func BenchmarkPages(b *testing.B) {
	handler := serve(b, large(b, 10_000))
	for _, path := range []string{
		"/sd", "/sd?match=site=hq3&shard=0/3", "/sd?devices=true",
		"/", "/?sort=-name&targets=50&pushed=50", "/?sort=-power", "/?q=hq3&state=up",
	} {
		b.Run(cmp.Or(strings.Trim(path, "/"), "status"), func(b *testing.B) {
			b.ReportAllocs()
			w := &nowhere{header: http.Header{}}
			request := httptest.NewRequestWithContext(b.Context(), "GET", "http://exporter:10493"+path, nil)
			for b.Loop() {
				handler.ServeHTTP(w, request)
			}
			b.ReportMetric(float64(w.bytes)/float64(b.N), "bytes/page")
		})
	}
}
