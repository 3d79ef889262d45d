package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"power_exporter/collector"
)

// TestAnAnswerThatIsNotAccepted shows that a request whose answer is not what was
// asked for has failed, although its status says otherwise, and that only an
// answer with a good status is read.
func TestAnAnswerThatIsNotAccepted(t *testing.T) {
	t.Parallel()
	code := http.StatusOK
	c, server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte("<html>"))
	})
	wrong := errors.New("the answer is a web page")
	var refused error
	reads := 0
	get := func(ctx context.Context) error {
		response, err := c.Get(ctx, Request{Path: "/a", Read: func(body []byte) error {
			if reads++; string(body) != "<html>" {
				t.Errorf("read %q", body)
			}
			return refused
		}})
		if string(response.Body) != "<html>" {
			t.Errorf("got %q", response.Body)
		}
		return err
	}
	pool := collector.NewPool(nil, func() {})
	for _, tt := range []struct {
		code    int
		refused error
		want    error
		reads   int
	}{
		{200, nil, nil, 1},
		{200, wrong, fmt.Errorf("GET %s/base/a: %w", server.URL, wrong), 2},
		{500, wrong, fmt.Errorf("GET %s/base/a: 500 Internal Server Error", server.URL), 2},
	} {
		code, refused = tt.code, tt.refused
		result := pool.Read(t.Context(), collector.Source{MaxConcurrency: 2, New: func(*collector.Gate) collector.Collector {
			return collect(get)
		}}, time.Minute, nil)
		if fmt.Sprint(result.Err) != fmt.Sprint(tt.want) || reads != tt.reads {
			t.Errorf("error is %v after %d reads, want %v after %d", result.Err, reads, tt.want, tt.reads)
		}
		if r := result.Requests; len(r) != 1 || fmt.Sprint(r[0].Err) != fmt.Sprint(tt.want) || r[0].Bytes != 6 {
			t.Errorf("recorded %+v, want %v", r, tt.want)
		}
		pool.Clear()
	}
}

func TestTooOften(t *testing.T) {
	t.Parallel()
	other := errors.New("other")
	for want, err := range map[string]error{
		"other":                   other,
		"503 Service Unavailable": &StatusError{Code: 503, RetryAfter: time.Minute},
		"x: 429 Too Many Requests: it is asked too often; scrape it less often, or set the module's cache_ttl":                                   fmt.Errorf("x: %w", &StatusError{Code: 429}),
		"429 Too Many Requests: it is asked too often and wants to be left alone for 1m30s; scrape it less often, or set the module's cache_ttl": &StatusError{Code: 429, RetryAfter: 90 * time.Second},
	} {
		if got := TooOften(err); got.Error() != want || !errors.Is(got, err) {
			t.Errorf("got  %v\nwant %s", got, want)
		}
	}
	if TooOften(nil) != nil {
		t.Error("an error out of none")
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("other"), false},
		{&StatusError{Code: 503}, false},
		{&net.OpError{Op: "read", Err: errors.New("reset")}, false},
		{fmt.Errorf("x: %w", &net.OpError{Op: "dial", Err: errors.New("refused")}), true},
		{&net.OpError{Op: "proxyconnect", Err: errors.New("refused")}, true},
		{fmt.Errorf("x: %w", &tls.CertificateVerificationError{Err: errors.New("expired")}), true},
	} {
		if got := Unreachable(tt.err); got != tt.want {
			t.Errorf("%v: got %t", tt.err, got)
		}
	}
}
