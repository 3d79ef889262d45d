package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"power_exporter/e2e/program"
	"power_exporter/e2e/secrets"
)

// exporter is a power_exporter that serves.
type exporter struct {
	*program.Program
	url      string // of its root, without the slash
	push     string // where devices push to, alike
	client   *http.Client
	problems *problems
}

// listening is what the log says of the address of the pages.
var listening = regexp.MustCompile(`msg="Listening on" address=(\S+)`)

// startExporter starts an exporter with the configuration in a directory.
func startExporter(t *testing.T, dir string, found *problems) *exporter {
	t.Helper()
	push := program.FreeAddress(t)
	e := &exporter{
		push: "http://" + push, problems: found,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	t.Cleanup(e.client.CloseIdleConnections)
	e.Program = program.Start(t, "power_exporter", nil, binary, "--config.file="+filepath.Join(dir, "config.yml"), "--web.enable-lifecycle",
		"--web.listen-address=127.0.0.1:0", "--push.listen-address="+push, "--storage.path="+filepath.Join(dir, "store"))
	program.Eventually(t, "the exporter's start", func() error {
		if e.HasEnded() {
			t.Fatal("the exporter ended at once")
		}
		for _, found := range listening.FindAllStringSubmatch(e.Stderr(), -1) {
			if found[1] != push {
				e.url = "http://" + found[1]
				return nil
			}
		}
		return errors.New("it does not listen")
	})
	return e
}

// fetch makes one request, and looks at the answer for secrets.
func (e *exporter) fetch(ctx context.Context, method, path string, header http.Header) (page, error) {
	request, err := http.NewRequestWithContext(ctx, method, e.url+path, nil)
	if err != nil {
		return page{}, err
	}
	if header != nil {
		request.Header = header
	}
	begun := time.Now()
	response, err := e.client.Do(request)
	if err != nil {
		return page{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	p := page{path: path, status: response.StatusCode, body: string(body), took: time.Since(begun)}
	for _, said := range []string{fmt.Sprint(response.Header), p.body} {
		if before, found := secrets.Find(said); found {
			e.problems.add("a page shows a secret", "%s after %q", path, before)
		}
	}
	return p, err
}

// get gets a page that must have one of the statuses. It is an error, too, if
// there is none, but not if ctx has ended.
func (e *exporter) get(ctx context.Context, path string, header http.Header, statuses ...int) (page, bool) {
	p, err := e.fetch(ctx, http.MethodGet, path, header)
	switch {
	case ctx.Err() != nil:
		return p, false
	case err != nil:
		e.problems.add("a page is not answered", "%s: %v", path, err)
		return p, false
	}
	if slices.Contains(statuses, p.status) {
		return p, true
	}
	e.problems.add("a page has a wrong status", "%s: %d, want one of %v: %.500s", path, p.status, statuses, p.body)
	return p, false
}
