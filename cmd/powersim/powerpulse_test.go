package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/simtest"
)

// powerpulseRun plays a PowerPulse server with these flags until ctx ends.
func powerpulseRun(ctx context.Context, log *slog.Logger, live bool, args ...string) error {
	app := kingpin.New("powersim", "")
	play := powerpulseVendor(app)
	if _, err := app.Parse(args); err != nil {
		return err
	}
	return play(ctx, log, live)
}

// The demo opens with what its page says, shows its UPSes at the paths of the
// running program, and to anybody in its kiosk.
func TestPowerPulse(t *testing.T) {
	for _, live := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		var text simtest.Log
		done := make(chan error, 1)
		go func() {
			done <- powerpulseRun(ctx, slog.New(slog.NewTextHandler(&text, nil)), live, "--powerpulse.listen-address=127.0.0.1:0")
		}()
		url := "http://" + powerpulseAddress(t, &text, done)
		reply := func(method, path, body, authorization string) string {
			t.Helper()
			a := simtest.Ask(t, method, url+path, body, "Content-Type", "application/json", "Authorization", authorization)
			if a.Status != http.StatusOK || a.Err != nil {
				t.Errorf("%s: %d %s, %v", path, a.Status, a.Body, a.Err)
			}
			return a.Body
		}
		session := simtest.Decoded[struct{ Token string }](t, reply(http.MethodPost, "/api/auth/login", `{"username":"demo","password":"demo-password"}`, ""))
		for path, authorization := range map[string]string{"/api/ups/systems": "Bearer " + session.Token, "/api/ups/systems/kiosk": ""} {
			if n := strings.Count(reply(http.MethodGet, path, "", authorization), `"rawVariables":[]`); n != 6 {
				t.Errorf("%s has %d UPSes", path, n)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if strings.Contains(text.String(), "demo-password") {
			t.Error("the password is in the log")
		}
	}
}

// powerpulseAddress is the one in the log, when it is there.
func powerpulseAddress(t *testing.T, text *simtest.Log, done chan error) string {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		if m := regexp.MustCompile(`address=(\S+) .*model=running`).FindStringSubmatch(text.String()); m != nil {
			return m[1]
		}
		select {
		case err := <-done:
			t.Fatalf("ended: %v", err)
		case <-tick.C:
		}
	}
}

func TestPowerPulseFlags(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for _, tt := range []struct {
		args string
		want string
	}{
		{"--powerpulse.listen-address=", ""},
		{"--powerpulse.listen-address=nowhere", "powerpulse: listen tcp: address nowhere: missing port in address"},
		{"--powerpulse.model=nothing", `powerpulse: no model "nothing", there are down, down-error, empty, manual, mixed, raw, running`},
	} {
		err := powerpulseRun(t.Context(), log, true, tt.args)
		if err == nil {
			err = errors.New("")
		}
		if err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.args, err, tt.want)
		}
	}
	app := kingpin.New("powersim", "")
	powerpulseVendor(app)
	if got := app.GetFlag("powerpulse.listen-address").Model().Default; len(got) != 1 || got[0] != "127.0.0.1:18092" {
		t.Errorf("it listens on %v", got)
	}
}
