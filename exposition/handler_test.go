package exposition

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"power_exporter/power"
)

// prometheusAccepts is the Accept header of Prometheus 3.
const prometheusAccepts = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5," +
	"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"

// ownRegistry is the exporter's own metrics, with names that stand before, among
// and after those of devices.
func ownRegistry() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(usedSelf(), prometheus.NewGauge(prometheus.GaugeOpts{Name: "go_test", Help: "First."}), prometheus.NewGauge(prometheus.GaugeOpts{Name: "promhttp_test", Help: "Last."}))
	return registry
}

// The answer to any request is promhttp's, to the byte and with its headers.
func TestHandlerAnswersAsPromhttpDoes(t *testing.T) {
	t.Parallel()
	devices := fleet(3)
	own, live := ownRegistry(), prometheus.NewRegistry()
	live.MustRegister(NewCollector(devices))
	got := NewHandler(own, func() []power.Device { return devices })
	want := promhttp.HandlerFor(prometheus.Gatherers{own, live}, promhttp.HandlerOpts{})
	probe := everyProbe()
	ofProbe := prometheus.NewRegistry()
	ofProbe.MustRegister(NewCollector(devices), probe)
	wantProbe := promhttp.HandlerFor(ofProbe, promhttp.HandlerOpts{})
	answerer := NewAnswerer(&errorLog{})
	gotProbe := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answerer.Answer(w, r, devices, probe) })

	for _, accept := range []string{
		"", "*/*", prometheusAccepts, "text/plain", "text/plain;version=0.0.4;escaping=allow-utf-8", "text/plain;version=0.0.4;escaping=dots", "text/plain;escaping=values",
		"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7," + prometheusAccepts,
		"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
		"application/openmetrics-text;version=1.0.0",
	} {
		for _, encoding := range []string{"", "gzip", "identity", "deflate, gzip;q=0.5", "gzip;q=0", "gzip; q=0.0, identity", "br", "br, gzip", "GZIP", "*", "gzip;q=0.5, identity;q=1", "identity, gzip;q=0.1"} {
			for _, query := range []string{"", "?name[]=power_outlet_on&name[]=go_test", "?target=a"} {
				for _, handlers := range [][2]http.Handler{{want, got}, {wantProbe, gotProbe}} {
					request := func() *http.Request {
						r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics"+query, nil)
						r.Header.Set("Accept", accept)
						r.Header.Set("Accept-Encoding", encoding)
						return r
					}
					if diff := cmp.Diff(answerTo(t, handlers[0], request()), answerTo(t, handlers[1], request())); diff != "" {
						t.Errorf("Accept %q, Accept-Encoding %q, %q: difference from promhttp's answer (-):\n%s", accept, encoding, query, diff)
					}
				}
			}
		}
	}
}

// answer is what there is to an answer.
type answer struct {
	Status int
	Header http.Header
	Body   string // without its compression
}

func answerTo(t *testing.T, handler http.Handler, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	var body io.Reader = w.Body
	if w.Header().Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(w.Body); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{w.Code, w.Header(), string(text)}
}

// Devices that cannot be exported are promhttp's to report and to count.
func TestHandlerReportsWhatCannotBeExported(t *testing.T) {
	t.Parallel()
	twice := []power.Device{{ID: "a"}, {ID: "a"}}
	registry := prometheus.NewRegistry()
	handler := NewHandler(registry, func() []power.Device { return twice })
	ask := func(handler http.Handler) answer {
		return answerTo(t, handler, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	}
	if got := ask(handler); got.Status != http.StatusInternalServerError || !strings.Contains(got.Body, "was collected before with the same name and label values") {
		t.Errorf("the answer is %d %s", got.Status, got.Body)
	}
	twice = nil
	if got := ask(handler); !strings.Contains(got.Body, `promhttp_metric_handler_errors_total{cause="gathering"} 1`) {
		t.Errorf("the failure is not counted:\n%s", got.Body)
	}

	var logged errorLog
	probes := NewAnswerer(&logged)
	broken := ask(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		probes.Answer(w, r, []power.Device{{ID: "\xff"}}, Probe{})
	}))
	if broken.Status != http.StatusInternalServerError || !strings.Contains(logged.text, "not utf8") {
		t.Errorf("the answer is %d %s, the log %s", broken.Status, broken.Body, logged.text)
	}
	self := prometheus.NewRegistry()
	self.MustRegister(NewCollector(twice), NewCollector([]power.Device{{ID: "a"}, {ID: "a"}}))
	if got := ask(NewHandler(self, func() []power.Device { return nil })); got.Status != http.StatusInternalServerError {
		t.Errorf("a registry that fails is answered with %d", got.Status)
	}
}

// Answers at the same time have nothing of each other, although they share
// compressors.
func TestAnswersAtTheSameTime(t *testing.T) {
	t.Parallel()
	probes := NewAnswerer(&errorLog{})
	var all sync.WaitGroup
	for i := range 8 {
		devices := fleet(i + 1)
		var want strings.Builder
		if err := WriteText(&want, devices, Probe{}); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for range 20 {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/probe", nil)
				r.Header.Set("Accept-Encoding", "gzip")
				got := answerTo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { probes.Answer(w, r, devices, Probe{}) }), r)
				if got.Body != want.String() {
					t.Errorf("an answer of %d devices differs", i+1)
				}
			}
		})
	}
	all.Wait()
}

// errorLog is what promhttp could not do.
type errorLog struct{ text string }

// Println implements promhttp.Logger.
func (l *errorLog) Println(v ...any) { l.text += fmt.Sprintln(v...) }
