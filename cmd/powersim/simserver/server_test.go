package simserver_test

import (
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/simserver"
	"power_exporter/cmd/powersim/simtest"
)

// silent is a log that nobody reads.
func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// hello answers everybody.
func hello(w http.ResponseWriter, _ *http.Request) {
	simserver.Send(w, http.StatusTeapot, "text/plain", []byte("hello"))
}

// greeter is a server that says hello.
func greeter() *simserver.Server {
	return simserver.New(simserver.Options{Handler: http.HandlerFunc(hello), Logger: silent()})
}

// listen is a listener on a free port.
func listen(t *testing.T) net.Listener {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// One server may have several listeners.
func TestServe(t *testing.T) {
	t.Parallel()
	s := greeter()
	for _, address := range []string{simtest.Start(t, s), simtest.Start(t, s)} {
		url := s.URL(address)
		a := simtest.Ask(t, http.MethodGet, url, "")
		if url != "http://"+address || a.Status != http.StatusTeapot || a.Body != "hello" || a.Err != nil {
			t.Errorf("%s: %d %s, %v", url, a.Status, a.Body, a.Err)
		}
		if h := a.Header; h.Get("Content-Type") != "text/plain" || h.Get("Content-Length") != "5" {
			t.Error(h)
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	own, trust := simtest.Certificate(t)
	s := simserver.New(simserver.Options{Handler: http.HandlerFunc(hello), Certificate: own, Logger: silent()})
	url := s.URL(simtest.Start(t, s))
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Error(url)
	}
	for version, ok := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		config := trust.Clone()
		config.MinVersion, config.MaxVersion = version, version
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: config}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(r)
		if err == nil {
			resp.Body.Close()
		}
		if (err == nil) != ok {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
}

func TestServeAfterClose(t *testing.T) {
	t.Parallel()
	s := greeter()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	l := listen(t)
	if err := s.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is open")
	}
}

// Serve says what became of a listener that failed.
func TestServeFails(t *testing.T) {
	t.Parallel()
	s := greeter()
	defer s.Close()
	l := listen(t)
	l.Close()
	if err := s.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// Close ends the context of each request, waits for the request, and refuses
// who comes after, also as the handler of another server.
func TestClose(t *testing.T) {
	t.Parallel()
	begun, closing, ended := make(chan struct{}), make(chan struct{}, 2), false
	s := simserver.New(simserver.Options{
		Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(begun)
			<-r.Context().Done()
			<-closing
			ended = true
		}),
		Logger:  silent(),
		Closing: func() { closing <- struct{}{} },
	})
	other := httptest.NewServer(s)
	defer other.Close()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = simtest.Do(t, http.MethodGet, other.URL, "") // whatever it is told
	}()
	<-begun
	if err := s.Close(); err != nil || !ended {
		t.Errorf("%v, ended: %v", err, ended)
	}
	<-gone
	if _, err := simtest.Do(t, http.MethodGet, other.URL, ""); err == nil {
		t.Error("answered after Close")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A client that leaves ends the context of its request.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	begun, left := make(chan struct{}), make(chan struct{})
	s := simserver.New(simserver.Options{
		Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(begun)
			<-r.Context().Done()
			close(left)
		}),
		Logger: silent(),
	})
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", simtest.Start(t, s))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-begun
	conn.Close()
	<-left
}

// Each request has a line, at debug level, without its query and its headers.
func TestLog(t *testing.T) {
	t.Parallel()
	var log simtest.Log
	s := simserver.New(simserver.Options{
		Handler: http.HandlerFunc(hello),
		Logger:  slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	simtest.Ask(t, http.MethodPost, s.URL(simtest.Start(t, s))+"/path?key=secret", "secret", "Authorization", "secret")
	got := log.String()
	if strings.Count(got, "\n") != 1 || !strings.Contains(got, "level=DEBUG msg=request method=POST path=/path remote=127.0.0.1:") || strings.Contains(got, "secret") {
		t.Error(got)
	}
}
