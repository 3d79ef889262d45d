package exposition

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"power_exporter/power"
)

// compression is the level of gzip. The usual one takes three times as long and
// saves a tenth.
const compression = 3

// NewHandler answers scrapes of the exporter itself: with what the registry
// gathers, and with the devices that there are at each scrape, such as those
// that have pushed. The registry must not have them as well.
func NewHandler(registry *prometheus.Registry, devices func() []power.Device) http.Handler {
	live := prometheus.NewRegistry()
	live.MustRegister(newLiveCollector(devices))
	otherwise := promhttp.HandlerForTransactional(
		prometheus.NewMultiTRegistry(prometheus.ToTransactionalGatherer(registry), prometheus.ToTransactionalGatherer(live)),
		promhttp.HandlerOpts{Registry: registry})
	var fast answerer
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !fast.answer(w, r, func() (*scrape, error) { return newScrape(devices(), nil, registry) }) {
			otherwise.ServeHTTP(w, r)
		}
	})
}

// Answerer answers scrapes of probes. It may be used concurrently.
type Answerer struct {
	fast answerer
	log  promhttp.Logger
}

// NewAnswerer makes an Answerer that logs what could not be answered.
func NewAnswerer(log promhttp.Logger) *Answerer { return &Answerer{log: log} }

// Answer answers a scrape with the metrics of devices and of a probe.
func (a *Answerer) Answer(w http.ResponseWriter, r *http.Request, devices []power.Device, probe Probe) {
	none := prometheus.NewRegistry()
	if a.fast.answer(w, r, func() (*scrape, error) { return newScrape(devices, &probe, none) }) {
		return
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(NewCollector(devices), probe)
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: a.log}).ServeHTTP(w, r)
}

// answerer writes the text format without client_golang, which would take many
// times as long. Whatever is rare or wrong is left to promhttp: other formats, a
// choice of names, devices that cannot be exported.
type answerer struct{ compressors sync.Pool } // of *gzip.Writer

// answer answers a scrape, unless it is to be left to promhttp.
func (a *answerer) answer(w http.ResponseWriter, r *http.Request, gather func() (*scrape, error)) bool {
	format, wanted := textFormat(r.Header)
	compressed, plain := encodingOf(r.Header)
	if !wanted || !plain || r.URL.Query().Has("name[]") {
		return false
	}
	s, err := gather()
	if err != nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", string(format))
	h.Add("Vary", "Accept")
	h.Add("Vary", "Accept-Encoding")
	var to io.Writer = w
	if compressed {
		h.Set("Content-Encoding", "gzip")
		compressor, ok := a.compressors.Get().(*gzip.Writer)
		if !ok {
			compressor, _ = gzip.NewWriterLevel(nil, compression) // a level that there is
		}
		compressor.Reset(w)
		defer func() {
			_ = compressor.Close() // as below
			a.compressors.Put(compressor)
		}()
		to = compressor
	}
	_ = s.write(to) // nobody is left to be told
	return true
}

// encodingOf reports whether an answer may be compressed, and whether that is
// plain to see: promhttp weighs one against the other.
func encodingOf(h http.Header) (compressed, plain bool) {
	for _, field := range h.Values("Accept-Encoding") {
		if strings.ContainsAny(field, ";*") || strings.Contains(field, "identity") {
			return false, false
		}
		for coding := range strings.SplitSeq(field, ",") {
			compressed = compressed || strings.TrimSpace(coding) == "gzip"
		}
	}
	return compressed, true
}
