package emssim_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

func TestTLS(t *testing.T) {
	t.Parallel()
	own, trust := simtest.Certificate(t)
	ems, url := emssim.Start(t, emssim.Options{Certificate: own}, emssim.MustRecorded("manual"))
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: trust}}
	ems.SetFault("/v1/sn", simfault.Fault{Reset: true})
	for path, want := range map[string]int{"/ver": 200, "/v1/mac": 401, "/v1/sn": 0} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		status := 0
		if resp, err := client.Do(r); err == nil {
			status = resp.StatusCode
			resp.Body.Close()
		}
		if status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

// What is logged has no secret.
func TestLog(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	ems, url := emssim.Start(t, emssim.Options{Logger: slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))}, emssim.MustRecorded("manual"))
	token := logIn(t, url)
	simtest.Ask(t, http.MethodGet, url+"/v1/devices?uids=1", "", "Authorization", "Bearer "+token)
	if err := ems.Close(); err != nil {
		t.Fatal(err)
	}
	log := text.String()
	if strings.Count(log, "\n") != 2 || !strings.Contains(log, "method=GET path=/v1/devices remote=127.0.0.1:") || strings.Contains(log, token) || strings.Contains(log, "s3cret!") {
		t.Error(log)
	}
}
