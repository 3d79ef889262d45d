package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simtest"
)

// startCloudTrax plays the cloud alone until stop, and gives its address.
func startCloudTrax(t *testing.T, live bool, args ...string) (address string, stop func()) {
	t.Helper()
	app := kingpin.New("test", "")
	play := cloudtraxVendor(app)
	if _, err := app.Parse(append(args, "--cloudtrax.listen-address=127.0.0.1:0")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	lines := make(chan string, 100)
	done := make(chan error, 1)
	go func() { done <- play(ctx, slog.New(slog.NewTextHandler(lineWriter(lines), nil)), live) }()
	select {
	case line := <-lines:
		address = regexp.MustCompile(`address=(\S+)`).FindStringSubmatch(line)[1]
	case err := <-done:
		t.Fatalf("ended: %v", err)
	}
	return address, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// lineWriter is a log whose lines can be waited for.
type lineWriter chan string

// Write takes a line.
func (w lineWriter) Write(p []byte) (int, error) {
	w <- string(p)
	return len(p), nil
}

// cloudtraxStrips asks for the list of a network, and counts it.
func cloudtraxStrips(t *testing.T, address, key, secret string, network int64) (status, strips int, lastCheckin string) {
	t.Helper()
	path := fmt.Sprintf("/powerstrip/network/%d/list", network)
	authorization := fmt.Sprintf("key=%s,timestamp=%d,nonce=%s-%d", key, time.Now().Unix(), t.Name(), time.Now().UnixNano())
	a := simtest.Ask(t, http.MethodGet, "http://"+address+path, "", "OpenMesh-API-Version", "1", "Content-Type", "application/json",
		"Authorization", authorization, "Signature", cloudtraxsim.Signature(secret, authorization, path, nil))
	reply := simtest.Decoded[struct{ Powerstrips []cloudtraxsim.Listed }](t, a.Body)
	if len(reply.Powerstrips) > 0 {
		lastCheckin = reply.Powerstrips[0].LastCheckin
	}
	return a.Status, len(reply.Powerstrips), lastCheckin
}

// The demo has one network, and what its page says opens it.
func TestCloudTrax(t *testing.T) {
	address, stop := startCloudTrax(t, false)
	defer stop()
	if status, strips, seen := cloudtraxStrips(t, address, "demo-key", "demo-secret", 23456); status != http.StatusOK || strips != 4 || seen != "2026-02-11T08:41:27.318Z" {
		t.Errorf("%d, %d strips, seen %s", status, strips, seen)
	}
	if status, _, _ := cloudtraxStrips(t, address, "demo-key", "demo-secret", 34567); status != http.StatusNotFound {
		t.Errorf("%d of a network that is not played", status)
	}
}

// Key, secret and the number of strips are what the flags say.
func TestCloudTraxFlags(t *testing.T) {
	address, stop := startCloudTrax(t, false, "--cloudtrax.key=k", "--cloudtrax.secret=s", "--cloudtrax.strips=41")
	defer stop()
	if status, strips, _ := cloudtraxStrips(t, address, "k", "s", 34567); status != http.StatusOK || strips != 41 {
		t.Errorf("%d, %d strips", status, strips)
	}
	if status, strips, _ := cloudtraxStrips(t, address, "k", "s", 23456); status != http.StatusOK || strips != 4 {
		t.Errorf("%d, %d strips", status, strips)
	}
	if status, _, _ := cloudtraxStrips(t, address, "demo-key", "demo-secret", 23456); status != http.StatusUnauthorized {
		t.Errorf("%d with the demo's key", status)
	}
}

// A live cloud heard of its strips within the last five minutes, soon after it
// began.
func TestCloudTraxLive(t *testing.T) {
	address, stop := startCloudTrax(t, true)
	defer stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		_, _, seen := cloudtraxStrips(t, address, "demo-key", "demo-secret", 23456)
		at, err := time.Parse(time.RFC3339, seen)
		if err != nil {
			t.Fatal(err)
		}
		if age := time.Since(at); age >= 0 && age < cloudtraxsim.CheckinPeriod {
			return
		}
	}
}

func TestCloudTraxFailures(t *testing.T) {
	for _, tt := range []struct{ address, want string }{
		{"", ""},
		{"nowhere", "cloudtrax: listen tcp: address nowhere: missing port in address"},
	} {
		app := kingpin.New("test", "")
		play := cloudtraxVendor(app)
		if _, err := app.Parse([]string{"--cloudtrax.listen-address=" + tt.address}); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := play(t.Context(), slog.New(slog.DiscardHandler), true); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%q: %s", tt.address, got)
		}
	}
}
