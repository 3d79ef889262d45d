package powerpulsesim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
)

func TestStats(t *testing.T) {
	t.Parallel()
	server, url := recorded(t, powerpulsesim.Options{}, "raw")
	size := 0
	count := func(a answer) { size += len(a.body) }
	session := ask(t, http.MethodPost, url+login, admin)
	count(session)
	token := decoded[struct{ Token string }](t, session.body).Token
	count(ask(t, http.MethodPost, url+login, `{"username":"x","password":"y"}`))
	for range 20 { // one after the other is never two at a time, however long the answer
		count(get(t, url+systems, token))
	}
	count(get(t, url+systems, ""))
	count(get(t, url+systems+"/1", token))
	count(ask(t, http.MethodDelete, url+systems+"/1", ""))
	wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 0 })
	want := powerpulsesim.Stats{
		Requests:    map[string]int{"POST " + login: 2, "GET " + systems: 21, "GET " + systems + "/1": 1, "DELETE " + systems + "/1": 1},
		Answers:     map[int]int{200: 22, 401: 3},
		MaxInFlight: 1, Logins: 1, FailedLogins: 1, BytesOut: int64(size),
	}
	if diff := cmp.Diff(want, server.Stats()); diff != "" {
		t.Error(diff)
	}
	server.Stats().Requests["x"] = 1
	if n := server.Stats().Requests["x"]; n != 0 {
		t.Error("a copy is none")
	}
}

// Five at a time are five, wherever they wait.
func TestMaxInFlight(t *testing.T) {
	t.Parallel()
	server, url := recorded(t, powerpulsesim.Options{}, "running")
	until := make(chan struct{})
	server.SetFault(kiosk, simfault.Fault{Until: until})
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if a, err := do(t, http.MethodGet, url+kiosk, ""); err != nil || a.status != http.StatusOK {
				t.Errorf("%d, %v", a.status, err)
			}
		})
	}
	wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 5 })
	close(until)
	group.Wait()
	wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 0 })
	if n := server.Stats().MaxInFlight; n != 5 {
		t.Errorf("%d", n)
	}
}

// Wait says what it waited for in vain.
func TestWaitInVain(t *testing.T) {
	t.Parallel()
	server := made(t, "empty")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := server.Wait(ctx, func(powerpulsesim.Stats) bool { return false })
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "Logins:0") {
		t.Error(err)
	}
}

// A client that is gone gets no more, and is still counted out.
func TestNobodyReads(t *testing.T) {
	t.Parallel()
	server := made(t, "running")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, kiosk, nil)
	server.ServeHTTP(&deaf{ResponseRecorder: httptest.NewRecorder()}, r)
	if stats := server.Stats(); stats.InFlight != 0 || stats.Answers[200] != 1 {
		t.Errorf("%+v", stats)
	}
}

// Whoever has the last byte of an answer is not waiting any more.
func TestLastByte(t *testing.T) {
	t.Parallel()
	server := made(t, "running")
	w := &watching{ResponseRecorder: httptest.NewRecorder(), server: server}
	server.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, kiosk, nil))
	if size := w.Body.Len(); size != len(server.Systems()) || len(w.waiting) != size || w.waiting[size-1] != 0 || w.waiting[0] != 1 {
		t.Errorf("%d bytes, %v wait", size, w.waiting)
	}
}

// watching notes how many requests waited while it got each byte.
type watching struct {
	*httptest.ResponseRecorder
	server  *powerpulsesim.Server
	waiting []int
}

// Write takes a part of the body.
func (w *watching) Write(p []byte) (int, error) {
	now := w.server.Stats().InFlight
	for range p {
		w.waiting = append(w.waiting, now)
	}
	return w.ResponseRecorder.Write(p)
}

// deaf takes no body.
type deaf struct{ *httptest.ResponseRecorder }

// Write fails.
func (*deaf) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
