package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simtest"
)

// emsPlayer is what plays an EMS as the flags say.
func emsPlayer(t *testing.T, args ...string) vendor {
	t.Helper()
	app := kingpin.New("test", "")
	play := emsVendor(app)
	if _, err := app.Parse(args); err != nil {
		t.Fatal(err)
	}
	return play
}

// textLog writes a log as powersim does.
func textLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// emsReply asks an EMS and decodes its answer.
func emsReply[T any](t *testing.T, method, url, body, token string) T {
	t.Helper()
	a := simtest.Ask(t, method, url, body, "Content-Type", "application/json", "Authorization", "Bearer "+token)
	if a.Status != http.StatusOK || a.Err != nil {
		t.Errorf("%s: %d, %v", url, a.Status, a.Err)
	}
	return simtest.Decoded[T](t, a.Body)
}

// The demo has a site, and what its page says opens it.
func TestEMS(t *testing.T) {
	listening := regexp.MustCompile(`address=(\S+) .*signals=(\d+)`)
	for _, live := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		var log simtest.Log
		play := emsPlayer(t, "--ems.listen-address=127.0.0.1:0", "--ems.signals=1200")
		done := make(chan error, 1)
		go func() { done <- play(ctx, textLog(&log), live) }()
		var found []string
		tick := time.NewTicker(time.Millisecond)
		for range tick.C {
			if found = listening.FindStringSubmatch(log.String()); found != nil || len(done) > 0 {
				break
			}
		}
		tick.Stop()
		if found == nil {
			t.Fatalf("ended: %v", <-done)
		}
		url := "http://" + found[1]
		token := emsReply[struct{ Token string }](t, http.MethodPost, url+"/v1/auth/login", `{"username":"demo","password":"demo-password"}`, "").Token
		signals := 0
		for _, page := range []string{"1", "2"} {
			signals += len(emsReply[struct{ Signals map[string]json.RawMessage }](t, http.MethodGet, url+"/v1/signals?page="+page, "", token).Signals)
		}
		if signals != 1240 || found[2] != "1240" {
			t.Errorf("%d signals, and %s in the log", signals, found[2])
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// Values are of now, whether they change or not.
func TestReadMeters(t *testing.T) {
	for _, live := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			ems := emssim.New(emssim.Options{}, emssim.MustRecorded("site"))
			defer ems.Close()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute+emsStep/2)
			defer cancel()
			first := ems.Model().Realtime[2]
			readMeters(ctx, ems, live)
			last := ems.Model().Realtime[2]
			if last.T-first.T != time.Minute.Milliseconds() || (*last.V != *first.V) != live {
				t.Errorf("live %v: %v became %v after %d ms", live, *first.V, *last.V, last.T-first.T)
			}
		})
	}
}

func TestEMSFailures(t *testing.T) {
	for _, tt := range []struct{ address, want string }{
		{"", ""},
		{"nowhere", "ems: listen tcp: address nowhere: missing port in address"},
		{"192.0.2.1:18090", "ems: listen tcp 192.0.2.1:18090: bind: cannot assign requested address"},
	} {
		got := ""
		if err := emsPlayer(t, "--ems.listen-address="+tt.address)(t.Context(), textLog(io.Discard), true); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.address, got, tt.want)
		}
	}
}
