package simserver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/simserver"
)

// ask asks a handler without a network, and says whether it answered.
func ask(t *testing.T, ctx context.Context, handler http.Handler) (answered bool) { //nolint:revive // the test comes first
	t.Helper()
	defer func() {
		if got := recover(); got != nil && got != http.ErrAbortHandler { //nolint:errorlint // the server compares it so
			t.Error(got)
		}
	}()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	return w.Code == http.StatusTeapot
}

func TestLate(t *testing.T) {
	t.Parallel()
	for _, latency := range []time.Duration{-1, 0, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			if !ask(t, t.Context(), simserver.Late(latency, http.HandlerFunc(hello))) || time.Since(begin) != max(0, latency) {
				t.Errorf("%v: %v", latency, time.Since(begin))
			}
		})
	}
}

// Who leaves is not waited for, and neither is anybody at Close.
func TestLateForNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		late := simserver.Late(time.Hour, http.HandlerFunc(hello))
		s := simserver.New(simserver.Options{Handler: late, Logger: silent()})
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if ask(t, ctx, s) || time.Since(begin) != time.Second {
			t.Errorf("after %v", time.Since(begin))
		}
		gone := make(chan bool)
		go func() { gone <- ask(t, t.Context(), s) }()
		synctest.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if <-gone || time.Since(begin) != time.Second {
			t.Errorf("after %v", time.Since(begin))
		}
	})
}
