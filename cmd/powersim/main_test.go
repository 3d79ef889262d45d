package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// sink is a log that can be read while it is written.
type sink struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes a part of the log.
func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// String is the log so far.
func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// start runs powersim until stop, and gives the address in its log.
func start(t *testing.T, args ...string) (address string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var log sink
	done := make(chan error, 1)
	go func() { done <- run(ctx, args, &log) }()
	stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	listening := regexp.MustCompile(`address=(\S+)`)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if m := listening.FindStringSubmatch(log.String()); m != nil {
			return m[1], stop
		}
		if len(done) > 0 {
			t.Fatalf("ended: %v", <-done)
		}
	}
	return "", stop
}

func TestNUT(t *testing.T) {
	for _, live := range []string{"--live", "--no-live"} {
		address, stop := start(t, "--nut.listen-address=127.0.0.1:0", "--nut.units=7", live)
		var d net.Dialer
		conn, err := d.DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "LIST UPS\nGET VAR epdu-0006 device.serial\nSTARTTLS\nLOGOUT\n"); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(conn)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
		stop()
		if n := strings.Count(string(got), "\nUPS "); n != 12 {
			t.Errorf("%d UPSes in %s", n, got)
		}
		for _, want := range []string{"UPS homelab \"American", "UPS homelab-0007 \"copy 7\"", "-0006\"\n", "ERR FEATURE-NOT-CONFIGURED\n"} {
			if !strings.Contains(string(got), want) {
				t.Errorf("no %q in %s", want, got)
			}
		}
	}
}

func TestNothingToPlay(t *testing.T) {
	if err := run(t.Context(), []string{"--nut.listen-address="}, io.Discard); err != nil {
		t.Error(err)
	}
}

func TestFailures(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.pem")
	if err := os.WriteFile(broken, []byte("no PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"flag", []string{"--nope"}, "unknown long flag '--nope'"},
		{"address", []string{"--nut.listen-address=nowhere"}, "nut: listen tcp: address nowhere: missing port in address"},
		{"certificate", []string{"--nut.starttls-cert=" + broken, "--nut.starttls-key=" + broken}, "nut: tls: failed to find any PEM data in certificate input"},
		{"key", []string{"--nut.starttls-cert=" + broken}, "nut: open : no such file or directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := run(t.Context(), tt.args, io.Discard); err == nil || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
