package main

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"power_exporter/cmd/powersim/simtest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// nothing are arguments with which nothing is played but what others say.
func nothing(others ...string) []string {
	for _, none := range []string{
		"--nut.listen-address=", "--synlink.listen-address=", "--ems.listen-address=", "--cloudtrax.listen-address=",
		"--powersentrix.listen-address=", "--powersentrix.portal-listen-address=", "--powerpulse.listen-address=",
	} {
		if !slices.ContainsFunc(others, func(arg string) bool { return strings.HasPrefix(arg, none) }) {
			others = append(others, none)
		}
	}
	return others
}

// start runs powersim until stop, and gives the addresses in its log when there
// are so many, in the order of the log.
func start(t *testing.T, count int, args ...string) (addresses []string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var log simtest.Log
	done := make(chan error, 1)
	go func() { done <- run(ctx, nothing(args...), &log) }()
	stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	listening := regexp.MustCompile(`address=(\S+)`)
	found := func() (addresses []string) {
		for _, m := range listening.FindAllStringSubmatch(log.String(), -1) {
			addresses = append(addresses, m[1])
		}
		return addresses
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if addresses := found(); len(addresses) == count {
			return addresses, stop
		}
		if len(done) > 0 {
			t.Fatalf("ended: %v", <-done)
		}
	}
	return nil, stop
}

func TestNUT(t *testing.T) {
	for _, live := range []string{"--live", "--no-live"} {
		addresses, stop := start(t, 1, "--nut.listen-address=127.0.0.1:0", "--nut.units=7", live)
		var d net.Dialer
		conn, err := d.DialContext(t.Context(), "tcp", addresses[0])
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
	if err := run(t.Context(), nothing(), io.Discard); err != nil {
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
		{"SynLink address", []string{"--synlink.listen-address=nowhere"}, "synlink: address nowhere: missing port in address"},
		{"SynLink port", []string{"--synlink.listen-address=127.0.0.1:http"}, "synlink: address 127.0.0.1:http: the port is no number"},
		{"SynLink model", []string{"--synlink.listen-address=127.0.0.1:0", "--synlink.models=nothing"}, `synlink: no model "nothing", there are ats, delta, dual, iohub, manual, metered, rack36, single8, switched, tripped, wye`},
		{"SynLink host", []string{"--synlink.listen-address=192.0.2.1:18080", "--synlink.models=ats"}, "synlink: listen tcp 192.0.2.1:18080: bind: cannot assign requested address"},
		{"certificate", []string{"--nut.listen-address=127.0.0.1:0", "--nut.starttls-cert=" + broken, "--nut.starttls-key=" + broken}, "nut: tls: failed to find any PEM data in certificate input"},
		{"key", []string{"--nut.listen-address=127.0.0.1:0", "--nut.starttls-cert=" + broken}, "nut: open : no such file or directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := run(t.Context(), nothing(tt.args...), io.Discard); err == nil || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
