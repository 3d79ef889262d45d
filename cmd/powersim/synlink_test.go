package main

import (
	"net/http"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/simtest"
)

// The demo has three PDUs, and what its page says opens them.
func TestSynLink(t *testing.T) {
	for _, live := range []string{"--live", "--no-live"} {
		addresses, stop := start(t, 3, "--synlink.listen-address=127.0.0.1:0", live)
		outlets, hubs := 0, 0
		for _, address := range addresses {
			reply := func(method, path, body string) string {
				t.Helper()
				a := simtest.Ask(t, method, "http://"+address+path, body, "Authorization", "Bearer demo-token")
				if a.Status != http.StatusOK || a.Err != nil {
					t.Errorf("%s: %d %s, %v", path, a.Status, a.Body, a.Err)
				}
				return a.Body
			}
			outlets += simtest.Decoded[struct{ NumOutlets int }](t, reply(http.MethodGet, "/api/device", "")).NumOutlets
			hubs += strings.Count(reply(http.MethodGet, "/api/sensors", ""), "dio_hub")
			reply(http.MethodPost, "/api/login", `{"username":"demo","password":"demo-password"}`)
		}
		stop()
		if outlets != 36+8+4 || hubs != 1 {
			t.Errorf("%d outlets, %d hubs", outlets, hubs)
		}
	}
}

func TestPortAbove(t *testing.T) {
	for _, tt := range []struct {
		address string
		above   int
		want    string
	}{
		{"127.0.0.1:18080", 0, "127.0.0.1:18080"},
		{":18080", 2, ":18082"},
		{"[::1]:18080", 1, "[::1]:18081"},
		{"127.0.0.1:0", 2, "127.0.0.1:0"},
	} {
		if got, err := portAbove(tt.address, tt.above); err != nil || got != tt.want {
			t.Errorf("%s + %d: %s, %v", tt.address, tt.above, got, err)
		}
	}
}
