package simcount_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simtest"
)

// play answers on a free port until the test ends, and counts.
func play(t *testing.T, answer http.HandlerFunc) (counts *simcount.Counts[stats], url string) {
	t.Helper()
	counts = none()
	server := httptest.NewServer(simcount.Wrap(counts, answer))
	t.Cleanup(server.Close)
	return counts, server.URL
}

// What is asked, and what is answered in whatever way.
func TestTraffic(t *testing.T) {
	t.Parallel()
	counts, url := play(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/nothing":
		case "/implied":
			_, _ = io.WriteString(w, "abc")
			_, _ = io.WriteString(w, "de")
		case "/twice":
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK)
		case "/aborted":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}
	})
	for _, path := range []string{"/implied?x=1", "/implied", "/twice", "/nothing", "/aborted"} {
		a, err := simtest.Do(t, http.MethodPost, url+path, "")
		if (err != nil || a.Err != nil) != (path == "/aborted") {
			t.Errorf("%s: %v, %v", path, err, a.Err)
		}
	}
	want := simcount.Traffic{
		Requests:    map[string]int{"POST /implied": 2, "POST /twice": 1, "POST /nothing": 1, "POST /aborted": 1},
		Answers:     map[int]int{200: 3, 418: 1},
		MaxInFlight: 1,
		BytesOut:    14,
	}
	simtest.Wait(t, counts.Wait, func(st stats) bool { return st.InFlight == 0 })
	if diff := cmp.Diff(want, counts.Snapshot().Traffic); diff != "" {
		t.Error(diff)
	}
}

// Three at a time are three.
func TestMaxInFlight(t *testing.T) {
	t.Parallel()
	open := make(chan struct{})
	counts, url := play(t, func(http.ResponseWriter, *http.Request) { <-open })
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() { simtest.Ask(t, http.MethodGet, url, "") })
	}
	simtest.Wait(t, counts.Wait, func(st stats) bool { return st.InFlight == 3 })
	close(open)
	group.Wait()
	simtest.Wait(t, counts.Wait, func(st stats) bool { return st.InFlight == 0 && st.MaxInFlight == 3 })
}

// watching notes how many requests waited while it got each part.
type watching struct {
	*httptest.ResponseRecorder
	counts  *simcount.Counts[stats]
	waiting []int
}

// Write takes a part of the body.
func (w *watching) Write(p []byte) (int, error) {
	if len(p) > 0 {
		w.waiting = append(w.waiting, w.counts.Snapshot().InFlight)
	}
	return w.ResponseRecorder.Write(p)
}

// Whoever has the last byte of an answer whose length is known is not waiting any
// more, in however many parts it comes.
func TestLastByte(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		length int // 0 is not known
		parts  []string
		want   []int
	}{
		{5, []string{"hello"}, []int{1, 0}},
		{5, []string{"he", "llo"}, []int{1, 1, 0}},
		{5, []string{"hell", "o"}, []int{1, 0}},
		{5, []string{"hello", ""}, []int{1, 0}},
		{9, []string{"hello"}, []int{1}},
		{0, []string{"hello"}, []int{1}},
		{0, nil, nil},
	} {
		counts := none()
		w := &watching{ResponseRecorder: httptest.NewRecorder(), counts: counts}
		simcount.Wrap(counts, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if tt.length > 0 {
				w.Header().Set("Content-Length", strconv.Itoa(tt.length))
			}
			for _, part := range tt.parts {
				if n, err := io.WriteString(w, part); n != len(part) || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			}
		})).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if now := counts.Snapshot(); !slices.Equal(w.waiting, tt.want) || now.InFlight != 0 || now.BytesOut != int64(w.Body.Len()) {
			t.Errorf("%q: %v wait, %+v", tt.parts, w.waiting, now)
		}
	}
}

// deaf takes so many bytes.
type deaf struct {
	*httptest.ResponseRecorder
	left int
}

// Write fails where it takes no more.
func (d *deaf) Write(p []byte) (int, error) {
	if len(p) > d.left {
		return 0, io.ErrClosedPipe
	}
	d.left -= len(p)
	return len(p), nil
}

// A client that is gone gets no more, and is counted out once.
func TestNobodyReads(t *testing.T) {
	t.Parallel()
	for takes, want := range map[int]int{0: 0, 4: 4, 5: 5} {
		counts := none()
		simcount.Wrap(counts, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			if n, err := io.WriteString(w, "hello"); n != want || (err == nil) != (want == 5) {
				t.Errorf("%d, %v", n, err)
			}
		})).ServeHTTP(&deaf{httptest.NewRecorder(), takes}, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if now := counts.Snapshot(); now.InFlight != 0 || now.Answers[200] != 1 {
			t.Errorf("%+v", now)
		}
	}
}

// A connection that is taken over waits no more, and has no answer but what was
// said before.
func TestHijack(t *testing.T) {
	t.Parallel()
	taken := make(chan struct{})
	counts, url := play(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/switched" {
			w.WriteHeader(http.StatusSwitchingProtocols)
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		taken <- struct{}{}
		<-taken
		conn.Close()
	})
	for _, path := range []string{"/", "/switched"} {
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			_, _ = simtest.Do(t, http.MethodGet, url+path, "") // it is no answer
		}()
		<-taken
		if now := counts.Snapshot(); now.InFlight != 0 || now.MaxInFlight != 1 {
			t.Errorf("%s: %+v", path, now)
		}
		taken <- struct{}{}
		<-gone
	}
	if diff := cmp.Diff(map[int]int{101: 1}, counts.Snapshot().Answers); diff != "" {
		t.Error(diff)
	}
}

// An answer can be sent before it is whole.
func TestFlush(t *testing.T) {
	t.Parallel()
	_, url := play(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		panic(http.ErrAbortHandler)
	})
	if a := simtest.Ask(t, http.MethodGet, url, ""); a.Body != "half" || a.Err == nil {
		t.Errorf("%q, %v", a.Body, a.Err)
	}
}
