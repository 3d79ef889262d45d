package exposition

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"power_exporter/power"
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

// scrapes measures the answers of a handler.
func scrapes(b *testing.B, encoding string, handler http.Handler) {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept", prometheusAccepts)
	r.Header.Set("Accept-Encoding", encoding)
	w := &nowhere{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		handler.ServeHTTP(w, r)
	}
	b.ReportMetric(float64(w.bytes)/float64(b.N), "bytes/scrape")
}

// descs is a collector as many are written: it makes a Desc for each sample.
type descs []*dto.MetricFamily

func (descs) Describe(chan<- *prometheus.Desc) {}

func (d descs) Collect(ch chan<- prometheus.Metric) {
	for _, f := range d {
		for _, m := range f.GetMetric() {
			names, values := make([]string, 0, 4), make([]string, 0, 4)
			for _, l := range m.GetLabel() {
				names, values = append(names, l.GetName()), append(values, l.GetValue())
			}
			kind, value := prometheus.GaugeValue, m.GetGauge().GetValue()
			if c := m.GetCounter(); c != nil {
				kind, value = prometheus.CounterValue, c.GetValue()
			}
			ch <- prometheus.MustNewConstMetric(prometheus.NewDesc(f.GetName(), f.GetHelp(), names, nil), kind, value, values...)
		}
	}
}

// BenchmarkScrape answers the scrape of a PDU with 48 outlets, and what that
// costs by client_golang alone: with a Desc for each family, and with one for
// each sample. All write the same.
func BenchmarkScrape(b *testing.B) {
	devices := []power.Device{pdu()}
	probes := NewAnswerer(&errorLog{})
	naive := descs(gather(b, checked{devices}))
	of := func(c prometheus.Collector) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			registry := prometheus.NewRegistry()
			registry.MustRegister(c, Probe{})
			promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
		})
	}
	for _, encoding := range []string{"identity", "gzip"} {
		b.Run("exporter/"+encoding, func(b *testing.B) {
			scrapes(b, encoding, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { probes.Answer(w, r, devices, Probe{}) }))
		})
		b.Run("client_golang/"+encoding, func(b *testing.B) { scrapes(b, encoding, of(NewCollector(devices))) })
		b.Run("desc-per-sample/"+encoding, func(b *testing.B) { scrapes(b, encoding, of(naive)) })
	}
}

// BenchmarkEncode writes the text of a PDU with so many outlets.
func BenchmarkEncode(b *testing.B) {
	for _, n := range []int{10, 48, 100, 1_000, 10_000} {
		b.Run("outlets="+strconv.Itoa(n), func(b *testing.B) {
			devices := []power.Device{pduWith(n)}
			b.ReportAllocs()
			for b.Loop() {
				if err := WriteText(io.Discard, devices, Probe{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/outlet")
		})
	}
}

// BenchmarkPushed answers a scrape of /metrics with so many UPSes that push, and
// what that costs by client_golang alone, as other formats than text still do.
func BenchmarkPushed(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		devices := fleet(n)
		current := func() []power.Device { return devices }
		live := prometheus.NewRegistry()
		live.MustRegister(newLiveCollector(current))
		for _, encoding := range []string{"identity", "gzip"} {
			b.Run("exporter/"+encoding+"/devices="+strconv.Itoa(n), func(b *testing.B) {
				scrapes(b, encoding, NewHandler(prometheus.NewRegistry(), current))
			})
		}
		b.Run("client_golang/gzip/devices="+strconv.Itoa(n), func(b *testing.B) {
			scrapes(b, "gzip", promhttp.HandlerFor(live, promhttp.HandlerOpts{}))
		})
	}
}
