package simtest_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/simtest"
)

// failures is a test that may fail without failing this one.
type failures struct {
	testing.TB
	cleanups []func()
	failed   []string
}

// Cleanup keeps it for later.
func (f *failures) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }

// Errorf keeps the message.
func (f *failures) Errorf(format string, args ...any) {
	f.failed = append(f.failed, fmt.Sprintf(format, args...))
}

// device closes connections until it is closed, and then fails as it is told.
type device struct {
	listener         net.Listener
	serving, closing error
	begun            chan struct{}
}

// Serve takes connections.
func (d *device) Serve(l net.Listener) error {
	d.listener = l
	close(d.begun)
	for {
		conn, err := l.Accept()
		if err != nil {
			return d.serving
		}
		conn.Close()
	}
}

// Close ends Serve.
func (d *device) Close() error {
	<-d.begun
	return errors.Join(d.closing, d.listener.Close())
}

// What is started is reached until the test ends, which tells of its errors.
func TestStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		serving, closing error
		want             []string
	}{
		{nil, nil, nil},
		{io.ErrClosedPipe, io.ErrNoProgress, []string{
			"closing *simtest_test.device: " + io.ErrNoProgress.Error(), "serving *simtest_test.device: " + io.ErrClosedPipe.Error(),
		}},
	} {
		f := &failures{TB: t}
		address := simtest.Start(f, &device{serving: tt.serving, closing: tt.closing, begun: make(chan struct{})})
		var d net.Dialer
		conn, err := d.DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
		for _, c := range f.cleanups {
			c()
		}
		if conn, err := d.DialContext(t.Context(), "tcp", address); err == nil {
			conn.Close()
			t.Error("it is reached after the end")
		}
		if !slices.Equal(f.failed, tt.want) {
			t.Errorf("%q", f.failed)
		}
	}
}

// A request has the headers, a redirect is an answer, and a body that ends too
// early is told.
func TestDo(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/half":
			w.Header().Set("Content-Length", "100")
		case "/reset":
			panic(http.ErrAbortHandler)
		default:
			body, err := io.ReadAll(r.Body)
			_, _ = fmt.Fprintf(w, `["%s %s %s %s",%q]`, r.Method, body, r.Header.Get("A"), r.Header.Get("B"), fmt.Sprint(err)) // the client waits
		}
	}))
	defer server.Close()
	a := simtest.Ask(t, http.MethodPut, server.URL, "x", "A", "1", "B", "2")
	if got := simtest.Decoded[[]string](t, a.Body); a.Status != 200 || a.Err != nil || !slices.Equal(got, []string{"PUT x 1 2", "<nil>"}) {
		t.Errorf("%d %v %v", a.Status, got, a.Err)
	}
	if a := simtest.Ask(t, http.MethodGet, server.URL+"/redirect", ""); a.Status != http.StatusFound || a.Header.Get("Location") != "/" {
		t.Errorf("%+v", a)
	}
	if a := simtest.Ask(t, http.MethodGet, server.URL+"/half", ""); a.Status != 200 || !errors.Is(a.Err, io.ErrUnexpectedEOF) {
		t.Errorf("%+v", a)
	}
	if a, err := simtest.Do(t, http.MethodGet, server.URL+"/reset", ""); err == nil {
		t.Errorf("%+v", a)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	begin := time.Unix(1790000000, 0)
	c := simtest.NewClock(begin)
	c.Move(time.Hour)
	c.Move(-time.Minute)
	if got := c.Now().Sub(begin); got != 59*time.Minute {
		t.Error(got)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	var log simtest.Log
	written := make(chan struct{})
	go func() {
		defer close(written)
		for range 10 {
			fmt.Fprint(&log, "x")
			_ = log.String() // meanwhile
		}
	}()
	fmt.Fprint(&log, "y")
	<-written
	if got := log.String(); len(got) != 11 || strings.Count(got, "x") != 10 {
		t.Error(got)
	}
}
