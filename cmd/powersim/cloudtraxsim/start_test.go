package cloudtraxsim_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

func TestTLS(t *testing.T) {
	t.Parallel()
	own, trust := simtest.Certificate(t)
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Certificate: own}, cloudtraxsim.Manual())
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: trust}}
	send := func() (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+list, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = request{path: list}.header()
		return client.Do(r)
	}
	resp, err := send()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || string(body) != compact(t, "list.json") {
		t.Errorf("%s, %v", body, err)
	}
	cloud.SetFault(list, simfault.Fault{Reset: true})
	if resp, err := send(); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
}
