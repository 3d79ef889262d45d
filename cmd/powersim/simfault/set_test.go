package simfault_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	const spoiled = `{"uid":{"value":1},"label":["Größe <1>"],"on":"true","off":"false","none":null,"list":[{"value":1.50},["x"],[],{}]}`
	open := make(chan struct{})
	close(open)
	for _, tt := range []struct {
		name   string
		path   string
		fault  simfault.Fault
		status int
		kind   string // of the content
		body   string
		broken bool // ends before it should
		asked  bool // reaches the device
	}{
		{"none", "/x", simfault.Fault{}, 200, "application/json", reply, false, true},
		{"status", "/x", simfault.Fault{Status: 500}, 500, "application/json", "", false, false},
		{"status with a body", "/x", simfault.Fault{Status: 502, Body: []byte("x"), ContentType: "text/plain"}, 502, "text/plain", "x", false, false},
		{"page", "/x", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"}, 200, "text/html", simfault.HTMLPage, false, false},
		{"empty", "/x", simfault.Fault{Body: []byte{}}, 200, "application/json", "", false, false},
		{"half", "/x", simfault.Fault{Half: true}, 200, "application/json", reply[:len(reply)/2], true, true},
		{"half of another body", "/x", simfault.Fault{Body: []byte("abcd"), Half: true}, 200, "application/json", "ab", true, false},
		{"half of a refusal", "/refused", simfault.Fault{Half: true}, 401, "application/json", `{"message":"no"}`, false, true},
		{"redirect", "/x", simfault.Fault{Location: "http://192.0.2.1/"}, 302, "application/json", "", false, false},
		{"redirect for good", "/x", simfault.Fault{Location: "http://192.0.2.1/", Status: 308}, 308, "application/json", "", false, false},
		{"types", "/x", simfault.Fault{WrongTypes: true}, 200, "application/json", spoiled, false, true},
		{"half of the types", "/x", simfault.Fault{WrongTypes: true, Half: true}, 200, "application/json", spoiled[:len(spoiled)/2], true, true},
		{"types of a refusal", "/refused", simfault.Fault{WrongTypes: true}, 401, "application/json", `{"message":"no"}`, false, true},
		{"types of text", "/text", simfault.Fault{WrongTypes: true}, 200, "application/json", "no JSON", false, true},
		{"delay", "/x", simfault.Fault{Delay: time.Nanosecond}, 200, "application/json", reply, false, true},
		{"until", "/x", simfault.Fault{Until: open}, 200, "application/json", reply, false, true},
		{"delay and status", "/x", simfault.Fault{Delay: time.Nanosecond, Status: 503}, 503, "application/json", "", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set, url, asked := play(t)
			set.SetFault(tt.path, tt.fault)
			a := get(t, url+tt.path)
			if a.Status != tt.status || a.Body != tt.body || (a.Err != nil) != tt.broken || len(asked) > 0 != tt.asked {
				t.Errorf("%d %v %s, %d reached the device", a.Status, a.Err, a.Body, len(asked))
			}
			if a.Header.Get("Location") != tt.fault.Location || a.Header.Get("Content-Type") != tt.kind || (a.Header.Get("X-Own") != "") != tt.asked {
				t.Error(a.Header)
			}
			if other := get(t, url+"/other"); other.Status != http.StatusOK || other.Body != reply {
				t.Errorf("another path: %d %s", other.Status, other.Body)
			}
			set.SetFault(tt.path, simfault.Fault{})
			if again := get(t, url+"/x"); again.Status != http.StatusOK || again.Body != reply {
				t.Errorf("afterwards: %d %s", again.Status, again.Body)
			}
		})
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	set, url, _ := play(t)
	set.SetFault("/x", simfault.Fault{Size: 1 << 20, Status: 201})
	a := get(t, url+"/x")
	if a.Status != 201 || len(a.Body) < 1<<20 || len(a.Body) > 1<<20+1<<16 || a.Header.Get("Content-Length") != "" {
		t.Errorf("%d, %d bytes, %v", a.Status, len(a.Body), a.Header)
	}
	if !strings.HasPrefix(a.Body, `["plenty","plenty",`) || !strings.HasSuffix(a.Body, `"plenty",0]`) || strings.Contains(a.Body[1:], "[") {
		t.Error("it is no array")
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	set, url, _ := play(t)
	set.SetFault("/x", simfault.Fault{Status: 503, Times: 2})
	for i, want := range []int{503, 503, 200, 200} {
		if a := get(t, url+"/x"); a.Status != want {
			t.Errorf("%d: %d", i, a.Status)
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	set, url, asked := play(t)
	set.SetFault("/x", simfault.Fault{Reset: true})
	if _, err := simtest.Do(t, http.MethodPost, url+"/x", "{}"); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if len(asked) > 0 {
		t.Error("it reached the device")
	}
}

func TestResetWithTLS(t *testing.T) {
	t.Parallel()
	var set simfault.Set
	set.SetFault("/x", simfault.Fault{Reset: true, Times: 1})
	server := httptest.NewTLSServer(set.Wrap(device(make(chan string, 1))))
	defer server.Close()
	for i, broken := range []bool{true, false} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.Client().Do(r)
		if (err != nil) != broken {
			t.Errorf("%d: %v", i, err)
		}
		if err == nil {
			resp.Body.Close()
		}
	}
}

// A connection that cannot be taken over ends all the same.
func TestResetWithoutConnection(t *testing.T) {
	t.Parallel()
	var set simfault.Set
	set.SetFault("/x", simfault.Fault{Reset: true})
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // the server compares it so
			t.Error(got)
		}
	}()
	set.Wrap(device(nil)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil))
	t.Error("it was answered")
}

// A handler without a server needs no network, and the clock can be a test's.
func TestDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var set simfault.Set
		set.SetFault("/x", simfault.Fault{Delay: time.Minute})
		begin := time.Now()
		asked := make(chan string, 1)
		w := httptest.NewRecorder()
		set.Wrap(device(asked)).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", strings.NewReader("body")))
		if w.Code != http.StatusOK || w.Body.String() != reply || time.Since(begin) != time.Minute {
			t.Errorf("%d after %v", w.Code, time.Since(begin))
		}
		if got := <-asked; got != "POST /x body" {
			t.Errorf("the device saw %q", got)
		}
	})
}

// waiting are faults that nobody waits for to the end.
func waiting() []simfault.Fault {
	return []simfault.Fault{{Delay: time.Hour}, {Until: make(chan struct{})}}
}

// Close ends those who wait, and those who would.
func TestClose(t *testing.T) {
	t.Parallel()
	for _, fault := range waiting() {
		var set simfault.Set
		set.SetFault("/x", fault)
		arrived := make(chan struct{}, 2)
		faulty := set.Wrap(device(nil))
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			arrived <- struct{}{}
			faulty.ServeHTTP(w, r)
		}))
		gone := make(chan error)
		go func() {
			_, err := simtest.Do(t, http.MethodGet, server.URL+"/x", "")
			gone <- err
		}()
		<-arrived
		set.Close()
		if err := <-gone; err == nil {
			t.Error("answered in spite of Close")
		}
		if _, err := simtest.Do(t, http.MethodGet, server.URL+"/x", ""); err == nil {
			t.Error("answered after Close")
		}
		set.Close()
		server.Close()
	}
}

// A flood ends with Close.
func TestCloseDuringAFlood(t *testing.T) {
	t.Parallel()
	var set simfault.Set
	set.SetFault("/x", simfault.Fault{Size: 1 << 50})
	server := httptest.NewServer(set.Wrap(device(nil)))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	set.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err == nil {
		t.Error("it ended well")
	}
}

// A client that gives up frees its place, also where it has sent a body.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	for _, fault := range append(waiting(), simfault.Fault{Size: 1 << 50}) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			var set simfault.Set
			set.SetFault("/x", fault)
			arrived, left := make(chan struct{}), make(chan struct{})
			faulty := set.Wrap(device(nil))
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(left)
				close(arrived)
				faulty.ServeHTTP(w, r)
			}))
			ctx, cancel := context.WithCancel(t.Context())
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				body := ""
				if method == http.MethodPost {
					body = "{}"
				}
				r, err := http.NewRequestWithContext(ctx, method, server.URL+"/x", strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				if resp, err := server.Client().Do(r); err == nil {
					_, _ = io.Copy(io.Discard, resp.Body) // until it gives up
					resp.Body.Close()
				}
			}()
			<-arrived
			cancel()
			<-gone
			<-left
			server.Close()
		}
	}
}

// A body that never ends is not kept.
func TestLongBody(t *testing.T) {
	t.Parallel()
	set, url, asked := play(t)
	set.SetFault("/x", simfault.Fault{Delay: time.Nanosecond})
	if _, err := simtest.Do(t, http.MethodPost, url+"/x", strings.Repeat("x", 2<<20)); err == nil || len(asked) > 0 {
		t.Errorf("%v, %d reached the device", err, len(asked))
	}
}

// Faults may change while requests come.
func TestSetFaultMeanwhile(t *testing.T) {
	t.Parallel()
	set, url, _ := play(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 100 {
			set.SetFault("/x", simfault.Fault{Status: 503, Times: 3})
		}
	}()
	for range 5 {
		if a := get(t, url+"/x"); a.Status != 503 && a.Status != 200 {
			t.Error(a.Status)
		}
	}
	<-done
}
