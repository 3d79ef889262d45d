package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kingpin/v2"
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
		var text sink
		done := make(chan error, 1)
		go func() {
			done <- powerpulseRun(ctx, slog.New(slog.NewTextHandler(&text, nil)), live, "--powerpulse.listen-address=127.0.0.1:0")
		}()
		url := "http://" + powerpulseAddress(t, &text, done)
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		reply := func(method, path, body, token string) (reply json.RawMessage) {
			t.Helper()
			r, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("%s: %s, %v", path, resp.Status, err)
			}
			return reply
		}
		var session struct{ Token string }
		if err := json.Unmarshal(reply(http.MethodPost, "/api/auth/login", `{"username":"demo","password":"demo-password"}`, ""), &session); err != nil {
			t.Error(err)
		}
		for path, token := range map[string]string{"/api/ups/systems": session.Token, "/api/ups/systems/kiosk": ""} {
			if n := strings.Count(string(reply(http.MethodGet, path, "", token)), `"rawVariables":[]`); n != 6 {
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
func powerpulseAddress(t *testing.T, text *sink, done chan error) string {
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
