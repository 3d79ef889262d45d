package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The demo has three PDUs, and what its page says opens them.
func TestSynLink(t *testing.T) {
	for _, live := range []string{"--live", "--no-live"} {
		addresses, stop := start(t, 3, "--synlink.listen-address=127.0.0.1:0", live)
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		outlets, hubs := 0, 0
		for _, address := range addresses {
			reply := func(method, path, body string) (reply json.RawMessage) {
				t.Helper()
				r, err := http.NewRequestWithContext(t.Context(), method, "http://"+address+path, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				if body == "" {
					r.Header.Set("Authorization", "Bearer demo-token")
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
			var device struct{ NumOutlets int }
			if err := json.Unmarshal(reply(http.MethodGet, "/api/device", ""), &device); err != nil {
				t.Error(err)
			}
			outlets += device.NumOutlets
			hubs += strings.Count(string(reply(http.MethodGet, "/api/sensors", "")), "dio_hub")
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
