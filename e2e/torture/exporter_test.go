package torture

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"power_exporter/e2e/program"
)

// exporter is a power_exporter that serves.
type exporter struct {
	*program.Program
	url    string // of its root, without the slash
	push   string // host:port of the listener for pushes; "" for none
	client *http.Client
}

// listening is what the log says of an address.
var listening = regexp.MustCompile(`(?m)^.*Listening on.*address=(\S+).*$`)

// startExporter starts an exporter on a free port. When the test ends it must
// end in good order, and must not have shown a secret or panicked.
func startExporter(t *testing.T, pushes bool, prepare func(*exec.Cmd), args ...string) *exporter {
	t.Helper()
	e := &exporter{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	args = append([]string{"--web.listen-address=127.0.0.1:0", "--push.listen-address=127.0.0.1:0", "--web.enable-lifecycle"}, args...)
	e.Program = program.Start(t, "power_exporter", prepare, underTest, args...)
	e.Judge = e.judge
	t.Cleanup(e.client.CloseIdleConnections)
	program.Eventually(t, "the exporter's start", func() error {
		if e.HasEnded() {
			t.Fatalf("the exporter ended with code %d", e.Code())
		}
		e.url, e.push = "", ""
		for _, found := range listening.FindAllStringSubmatch(e.Stderr(), -1) {
			if strings.Contains(found[0], "listener=push") {
				e.push = found[1]
			} else {
				e.url = "http://" + found[1]
			}
		}
		if e.url == "" || pushes && e.push == "" {
			return errors.New("it does not listen")
		}
		return nil
	})
	return e
}

// judge looks at what is left of an exporter.
func (e *exporter) judge(t *testing.T) {
	t.Helper()
	if e.Code() != 0 {
		t.Errorf("the exporter ended with code %d", e.Code())
	}
	log := e.Stderr()
	noSecret(t, "the log", log)
	for _, bad := range []string{"DATA RACE", "panicked", "panic:", "fatal error"} {
		if at := strings.Index(log, bad); at >= 0 {
			t.Errorf("the log has %q: %s", bad, log[at:min(len(log), at+3000)])
		}
	}
}

// get gets a page, whatever its status. It must show no secret.
func (e *exporter) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	return e.ask(t, http.MethodGet, path)
}

// ask makes one request of the exporter.
func (e *exporter) ask(t *testing.T, method, path string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, e.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := e.client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	noSecret(t, path, string(text))
	return response.StatusCode, string(text)
}

// try gets a page for whoever may not end the test. It must be a 200 with metrics
// in which there is no secret.
func (e *exporter) try(path string) (string, error) {
	response, err := e.client.Get(e.url + path) //nolint:noctx // a probe has a time of its own
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || !strings.Contains(string(text), "probe_success")) {
		err = fmt.Errorf("%s: %s", response.Status, text)
	}
	return string(text), err
}

// own gets the exporter's own metrics, by series.
func (e *exporter) own(t *testing.T) series {
	t.Helper()
	status, body := e.get(t, "/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics: status %d: %s", status, body)
	}
	return parse(t, body)
}

// number is a value that must be there.
func (s series) number(t *testing.T, name string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(s[name], 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
