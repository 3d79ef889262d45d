package powerpulsesim_test

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

func TestTLS(t *testing.T) {
	t.Parallel()
	own, trust := simtest.Certificate(t)
	server, url := recorded(t, powerpulsesim.Options{Certificate: own}, "manual")
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: trust}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+kiosk, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(resp.Body); err != nil || string(text) != "["+document+"]" {
		t.Errorf("%s, %v", text, err)
	}
	resp.Body.Close()
	server.SetFault(kiosk, simfault.Fault{Reset: true})
	if resp, err := client.Do(r); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
}

// The log has each request, and no secret.
func TestLog(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	log := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, url := powerpulsesim.Start(t, powerpulsesim.Options{Logger: log}, powerpulsesim.MustRecorded("empty"))
	token := logIn(t, url)
	get(t, url+systems, token)
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	got := text.String()
	if !strings.Contains(got, "method=POST path="+login) || !strings.Contains(got, "method=GET path="+systems) {
		t.Error(got)
	}
	if strings.Contains(got, token) || strings.Contains(got, powerpulsesim.AdminPassword) {
		t.Error("a secret is in the log")
	}
}
