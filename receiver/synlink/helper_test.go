package synlink_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
	"power_exporter/receiver"
	"power_exporter/receiver/synlink"
)

// The tokens, of which "bts" and "other" are the names.
const (
	bts   = "token-of-bts"
	other = "hunter2"
)

// ok is the answer to a post that was taken.
const ok = `{"message":"OK"}`

// site is a receiver with a store on disk, without a network. It looks for
// secrets in its log, and for panics.
type site struct {
	tb      testing.TB
	store   *receiver.Store
	handler *receiver.Handler

	mu      sync.Mutex
	log     strings.Builder
	results map[receiver.Result]int
}

// open opens a site on a folder.
func open(tb testing.TB, folder string, o synlink.Options) *site {
	tb.Helper()
	s := &site{tb: tb, results: map[receiver.Result]int{}}
	logger := slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	s.store, err = receiver.Open(folder, receiver.Options{Kinds: map[string]receiver.Kind{synlink.Name: o.Kind()}, Logger: logger})
	if err != nil {
		tb.Fatal(err)
	}
	tokens, err := receiver.NewSenders(map[string]string{"bts": bts, "other": other})
	if err != nil {
		tb.Fatal(err)
	}
	s.handler, err = receiver.NewHandler(receiver.HandlerOptions{
		Endpoints: []receiver.Endpoint{o.Endpoint(s.store, tokens)}, Limiter: receiver.NewLimiter(), Refusals: &receiver.Refusals{}, Observer: s, Logger: logger,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// stop closes the site.
func (s *site) stop() {
	s.tb.Helper()
	if err := s.store.Close(); err != nil {
		s.tb.Error(err)
	}
}

// close closes the site. What it logged has no secret.
func (s *site) close() {
	s.tb.Helper()
	s.stop()
	if log := s.logged(); strings.Contains(log, bts) || strings.Contains(log, other) {
		s.tb.Errorf("there is a secret in the log:\n%s", log)
	}
}

// Write is the log.
func (s *site) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *site) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// PushStarted implements [receiver.Observer].
func (s *site) PushStarted(string) {}

// PushDone implements [receiver.Observer].
func (s *site) PushDone(_ string, result receiver.Result, _ time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results[result]++
}

// PushPanicked implements [receiver.Observer].
func (s *site) PushPanicked(string) { s.tb.Errorf("a push panicked:\n%s", s.logged()) }

// post posts to a path with its query.
func (s *site) post(target, body string) (status int, answer string) {
	return s.do(httptest.NewRequestWithContext(context.Background(), http.MethodPost, target, strings.NewReader(body)))
}

// do answers a request.
func (s *site) do(r *http.Request) (status int, answer string) {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// push posts what a unit of bts sends, which must be taken.
func (s *site) push(body string) {
	s.tb.Helper()
	if status, answer := s.post(target, body); status != http.StatusOK || answer != ok {
		s.tb.Errorf("%s was answered with %d %s", body, status, answer)
	}
}

// target is where units of bts post to.
const target = "/webhook/synlink?token=" + bts

// devices are what is exported now.
func (s *site) devices() []power.Device {
	devices := s.store.Devices()
	slices.SortFunc(devices, func(a, b power.Device) int { return strings.Compare(a.ID, b.ID) })
	return devices
}

// metrics is what is exported now.
func (s *site) metrics() string {
	s.tb.Helper()
	return golden.Gather(s.tb, exposition.NewCollector(s.devices()))
}

// lines are the samples that contain a text.
func (s *site) lines(containing string) []string {
	s.tb.Helper()
	var found []string
	for line := range strings.Lines(s.metrics()) {
		if !strings.HasPrefix(line, "#") && strings.Contains(line, containing) {
			found = append(found, strings.TrimSuffix(line, "\n"))
		}
	}
	return found
}

// expect fails the test unless the samples that contain a text are these.
func (s *site) expect(containing string, want ...string) {
	s.tb.Helper()
	if got := s.lines(containing); !slices.Equal(got, want) {
		s.tb.Errorf("of %s there are\n%s\nwant\n%s", containing, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// cases are the samples of what units send.
const cases = "../../internal/synlink/testdata/cases/"

// file is one of them.
func file(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile(cases + name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// pass lets time go by in a bubble.
func pass(d time.Duration) { <-time.After(d) }
