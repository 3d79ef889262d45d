package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"power_exporter/collector"
	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret is in every request, and must be in no error.
const secret = "s3cret-word"

// serve answers with a handler until the test ends, and gives a client of it.
func serve(t *testing.T, handler http.HandlerFunc) (*Client, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return client(t, server.URL+"/base/", true), server
}

func client(t *testing.T, address string, follow bool) *Client {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Options{Base: base, FollowRedirects: follow, Gate: collector.NewGate(2)})
	t.Cleanup(c.Close)
	return c
}

// request is one with secrets wherever there can be some.
func request() Request {
	return Request{
		Path: "/api/a b", Query: url.Values{"apiKey": {secret}, "fn": {"1"}}, Hidden: []string{"apiKey"},
		Header: http.Header{"Authorization": {"Bearer " + secret}, "Cookie": {"SPID=" + secret}},
		Body:   map[string]string{"password": secret},
	}
}

func TestWhatIsAsked(t *testing.T) {
	t.Parallel()
	var got string
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = fmt.Sprint(r.Method, " ", r.URL, " ", r.Header.Get("Authorization"), " ", r.Header.Get("Accept"), " ", string(body))
		_, _ = w.Write([]byte(`{"ok":true}`))
	})
	pool := collector.NewPool(nil, func() {})
	result := pool.Read(t.Context(), collector.Source{MaxConcurrency: 2, New: func(*collector.Gate) collector.Collector {
		return collect(func(ctx context.Context) error {
			r, err := c.Get(ctx, request())
			if string(r.Body) != `{"ok":true}` || r.Taken.IsZero() {
				t.Errorf("got %q at %s", r.Body, r.Taken)
			}
			return err
		})
	}}, time.Minute, nil)
	if want := "GET /base/api/a%20b?apiKey=" + secret + "&fn=1 Bearer " + secret + " application/json "; got != want || result.Err != nil {
		t.Errorf("got %s, %v; want %s", got, result.Err, want)
	}
	if r := result.Requests; len(r) != 1 || r[0].Name != "GET /api/a b" || r[0].Bytes != 11 || r[0].Err != nil {
		t.Errorf("recorded %+v", r)
	}
	if _, err := c.Post(t.Context(), Request{Path: "/login", Body: map[string]string{"password": secret}}); err != nil {
		t.Error(err)
	}
	if want := `POST /base/login  application/json {"password":"` + secret + `"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestNothingIsUnpacked asks a server that would compress its answer: a few
// kilobytes might unpack to any size.
func TestNothingIsUnpacked(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if accepted := r.Header.Get("Accept-Encoding"); accepted != "" {
			t.Errorf("the server may answer in %s", accepted)
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write([]byte("\x1f\x8b"))
	})
	if r, err := c.Get(t.Context(), request()); err != nil || string(r.Body) != "\x1f\x8b" {
		t.Errorf("got %q, %v; want what the server wrote", r.Body, err)
	}
}

// collect is a collector of no devices.
type collect func(context.Context) error

func (c collect) Collect(ctx context.Context) ([]power.Device, error) { return nil, c(ctx) }

func TestFaults(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		status  int
		want    string
	}{
		{"401", status(401), 401, "401 Unauthorized"},
		{"403", status(403), 403, "403 Forbidden"},
		{"404", status(404), 404, "404 Not Found"},
		{"429", status(429), 429, "429 Too Many Requests"},
		{"500", status(500), 500, "500 Internal Server Error"},
		{"odd", status(599), 599, "599"},
		{"half", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("12345"))
		}, 0, "the answer broke off after 5 bytes: unexpected EOF"},
		{"huge", func(w http.ResponseWriter, _ *http.Request) {
			block := make([]byte, 1<<20)
			for range 17 {
				_, _ = w.Write(block)
			}
		}, 0, "the answer is larger than 16 MiB"},
		{"reset", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, "the server closed the connection"},
		{"slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0, "no whole answer within the time of the probe: context deadline exceeded"},
		{"slow body", func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("12345"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 0, "the answer broke off after 5 bytes: no whole answer within the time of the probe: context deadline exceeded"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, server := serve(t, tt.handler)
			patience := time.Minute
			if strings.HasPrefix(tt.name, "slow") {
				patience = time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := c.Get(ctx, request())
			want := "GET " + server.URL + "/base/api/a%20b?apiKey=hidden&fn=1: " + tt.want
			if err == nil || err.Error() != want || Status(err) != tt.status {
				t.Errorf("got  %v (%d)\nwant %s", err, Status(err), want)
			}
		})
	}
}

// status answers with a status, and repeats secrets as some devices do.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Error(w, r.URL.String(), code) }
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	c, server := serve(t, status(200))
	server.Close()
	_, err := c.Get(t.Context(), request())
	if err == nil || !strings.Contains(err.Error(), "connection refused") || strings.Contains(err.Error(), secret) {
		t.Errorf("error is %v", err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var strayed atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(other.Close)
	c, server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/base/stay":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/there":
			_, _ = w.Write([]byte(r.Header.Get("Authorization") + r.Header.Get("Cookie")))
		case "/base/away":
			http.Redirect(w, r, other.URL+"/x?apiKey="+secret, http.StatusFound)
		case "/base/user":
			http.Redirect(w, r, "http://user:"+secret+"@"+r.Host+"/", http.StatusFound)
		case "/base/method":
			http.Redirect(w, r, "/there", http.StatusFound)
		default:
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}
	})
	get := func(path string) (string, error) {
		r := request()
		r.Path, r.Query = path, nil
		response, err := c.Get(t.Context(), r)
		return string(response.Body), err
	}
	if body, err := get("/stay"); err != nil || body != "Bearer "+secret+"SPID="+secret {
		t.Errorf("got %q, %v", body, err)
	}
	wants := func(err error, want string) {
		t.Helper()
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	_, err := get("/away")
	wants(err, "GET "+server.URL+"/base/away: 302 Found to "+other.URL+", which is not followed: if that is the device, use it as the address")
	_, err = get("/user")
	wants(err, "GET "+server.URL+"/base/user: redirected to "+server.URL+" with a user name in the URL, which is not followed")
	_, err = get("/loop")
	wants(err, "GET "+server.URL+"/base/loop: redirected without end: use the address of the device itself")
	r := request()
	r.Path, r.Query = "/method", nil
	_, err = c.Post(t.Context(), r)
	wants(err, "POST "+server.URL+"/base/method: 302 Found within "+server.URL+", which is not followed: does it want a log-in, or is it not the device?")
	c = client(t, server.URL+"/base", false)
	_, err = get("/stay")
	wants(err, "GET "+server.URL+"/base/stay: 302 Found within "+server.URL+", which is not followed: does it want a log-in, or is it not the device?")
	if n := strayed.Load(); n != 0 {
		t.Errorf("%d requests went to another host", n)
	}
}

func TestSameHost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"http://a", "http://a", true},
		{"http://a:80", "https://a", true},
		{"http://a", "https://a:443", true},
		{"https://a:8443", "https://a:8443", true},
		{"http://a", "http://b", false},
		{"http://a", "http://x.a", false},
		{"http://a", "http://a:81", false},
		{"http://a:5000", "https://a", false},
		{"http://a", "https://a:8443", false},
		{"https://a", "http://a", false},
	} {
		from, _ := url.Parse(tt.from)
		to, _ := url.Parse(tt.to)
		if sameHost(from, to) != tt.want {
			t.Errorf("%s to %s: want %v", tt.from, tt.to, tt.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for text, want := range map[string]time.Duration{
			"30": 30 * time.Second, "": 0, "-1": 0, "soon": 0, "99999999999": 0,
			time.Now().Add(time.Minute).UTC().Format(http.TimeFormat):  time.Minute,
			time.Now().Add(-time.Minute).UTC().Format(http.TimeFormat): 0,
		} {
			if got := retryAfter(http.Header{"Retry-After": {text}}); got != want {
				t.Errorf("%q: got %s, want %s", text, got, want)
			}
		}
		skewed := http.Header{"Date": {"Mon, 24 Aug 2015 13:52:00 GMT"}, "Retry-After": {"Mon, 24 Aug 2015 13:52:30 GMT"}}
		if got := retryAfter(skewed); got != 30*time.Second {
			t.Errorf("by a clock that is behind: got %s, want 30s", got)
		}
	})
}

// TestConnectionsAreKept shows that requests after one another share one
// connection, and that Close closes it.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	closed := make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(status(404))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
		if state == http.StateClosed {
			closed <- struct{}{}
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c := client(t, server.URL, true)
	for range 10 {
		if _, err := c.Get(t.Context(), request()); Status(err) != 404 {
			t.Error(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	c.Close()
	<-closed
}

func TestTheGate(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	arrived := make(chan struct{}, 3)
	c, _ := serve(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	done := make(chan error, 3)
	for range 2 {
		go func() { _, err := c.Get(t.Context(), request()); done <- err }()
		<-arrived
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, request()); !errors.Is(err, context.DeadlineExceeded) || len(arrived) != 0 {
		t.Errorf("a third request at a time: %v", err)
	}
	close(release)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
