package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"power_exporter/e2e/program"
	"power_exporter/e2e/secrets"
)

// exporter is a power_exporter that serves.
type exporter struct {
	*program.Program
	address string // host:port
	url     string // of its root, without the slash
	client  *http.Client
	t       *testing.T // that it was started for, and which fails if an answer shows a secret
}

// listening is what the log says of the address.
var listening = regexp.MustCompile(`Listening on.*address=(\S+)|"address":"([^"]+)".*Listening on`)

// ofPush is what the log says of the listener for pushes.
var ofPush = regexp.MustCompile(`(?m)^.*(?:listener=push|"listener":"push").*$`)

// startExporter starts an exporter on a free port. When the test ends it must
// end in good order, and must not have shown a secret.
func startExporter(t *testing.T, args ...string) *exporter {
	t.Helper()
	return startExporterIn(t, nil, args...)
}

// startExporterIn is startExporter with more of an environment.
func startExporterIn(t *testing.T, env []string, args ...string) *exporter {
	t.Helper()
	return startExporterBy(t, env, []string{binary}, args...)
}

// startExporterBy is startExporterIn with another command that ends in the
// exporter.
func startExporterBy(t *testing.T, env, command []string, args ...string) *exporter {
	t.Helper()
	e := &exporter{client: &http.Client{Transport: &http.Transport{}}, t: t}
	args = slices.Concat(command[1:], []string{"--web.listen-address=127.0.0.1:0"}, args)
	e.Program = program.Start(t, "power_exporter", program.Environment(env...), command[0], args...)
	e.Judge = e.judge
	program.Eventually(t, "the exporter's start", func() error {
		if e.HasEnded() {
			t.Fatalf("the exporter ended with code %d", e.Code())
		}
		found := listening.FindStringSubmatch(ofPush.ReplaceAllString(e.Stderr(), ""))
		if found == nil {
			return errors.New("it does not listen")
		}
		e.address = found[1] + found[2]
		return nil
	})
	e.url = "http://" + e.address
	t.Cleanup(e.client.CloseIdleConnections)
	return e
}

// run runs the exporter to its end, and returns what it wrote and its exit
// code.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	p := program.Start(t, "power_exporter", nil, binary, args...)
	p.Wait(t)
	return p.Stdout(), p.Stderr(), p.Code()
}

// judge looks at what is left of an exporter.
func (e *exporter) judge(t *testing.T) {
	t.Helper()
	if e.Code() != 0 {
		t.Errorf("the exporter ended with code %d", e.Code())
	}
	if text := e.Stdout(); text != "" {
		t.Errorf("an exporter that serves wrote to its standard output: %s", text)
	}
	if strings.Contains(e.Stderr(), "DATA RACE") {
		t.Error("the race detector found something, see the log")
	}
}

// fetch makes one request.
func (e *exporter) fetch(ctx context.Context, method, path string, header http.Header) (page, error) {
	request, err := http.NewRequestWithContext(ctx, method, e.url+path, nil)
	if err != nil {
		return page{}, err
	}
	if header != nil {
		request.Header = header
	}
	start := time.Now()
	response, err := e.client.Do(request)
	if err != nil {
		return page{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	p := page{path: path, status: response.StatusCode, header: response.Header, body: string(body), took: time.Since(start)}
	secrets.Absent(e.t, path, p.body)
	secrets.Absent(e.t, path, fmt.Sprint(p.header))
	return p, err
}

// get gets a page, whatever its status.
func (e *exporter) get(t *testing.T, path string) page {
	t.Helper()
	p, err := e.fetch(t.Context(), http.MethodGet, path, nil)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return p
}

// probe gets /probe with the query; it must be a 200.
func (e *exporter) probe(t *testing.T, query string) page {
	t.Helper()
	p := e.get(t, "/probe?"+query)
	p.wantStatus(t, http.StatusOK)
	return p
}

// metrics gets /metrics.
func (e *exporter) metrics(t *testing.T) page {
	t.Helper()
	p := e.get(t, "/metrics")
	p.wantStatus(t, http.StatusOK)
	return p
}

// reload asks for a reload over HTTP.
func (e *exporter) reload(t *testing.T) page {
	t.Helper()
	p, err := e.fetch(t.Context(), http.MethodPost, "/-/reload", nil)
	if err != nil {
		t.Fatalf("POST /-/reload: %v", err)
	}
	return p
}

// logs waits until the log has a line that matches.
func (e *exporter) logs(t *testing.T, pattern string) {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	program.Eventually(t, "the log has "+pattern, func() error {
		if !wanted.MatchString(e.Stderr()) {
			return errors.New("it has not")
		}
		return nil
	})
}
