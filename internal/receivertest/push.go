package receivertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Post posts to a path with its query.
func (s *Site) Post(target, body string) (status int, answer string) {
	// The site of a benchmark outlives the context of the run that opened it.
	return s.Do(httptest.NewRequestWithContext(context.Background(), http.MethodPost, target, strings.NewReader(body)))
}

// Do answers a request.
func (s *Site) Do(r *http.Request) (status int, answer string) {
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// Push posts what must be taken.
func (s *Site) Push(target, body string) {
	s.TB.Helper()
	if status, answer := s.Post(target, body); status != http.StatusOK || answer != s.options.OK {
		s.TB.Errorf("%.200s to %s was answered with %d %s", body, target, status, answer)
	}
}

// Refuse posts what must be refused with a status and a message, when nothing
// was taken before. Nothing of it may be kept.
func (s *Site) Refuse(target, body string, status int, message string) {
	s.TB.Helper()
	want := `{"message":` + strings.ReplaceAll(strconv.Quote(message), "&", `\u0026`) + `}`
	if is, answer := s.Post(target, body); is != status || answer != want {
		s.TB.Errorf("it was answered with %d %s\nwant %d %s", is, answer, status, want)
	}
	if s.Store.Len() != 0 || s.Metrics() != "" {
		s.TB.Errorf("%d devices are kept:\n%s", s.Store.Len(), s.Metrics())
	}
}

// Survive sends any request. It must be taken or refused, and what is exported
// then must be the same after a restart.
func (s *Site) Survive(r *http.Request) {
	s.TB.Helper()
	status, answer := s.Do(r)
	switch {
	case status == http.StatusOK && answer == s.options.OK:
	case status >= 400 && status <= 413 && strings.HasPrefix(answer, `{"message":"`) && utf8.ValidString(answer):
	default:
		s.TB.Errorf("it was answered with %d %q", status, answer)
	}
	s.Restart("power_device_reading_age_seconds") // time goes by meanwhile
}
