package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

// prometheus is a real Prometheus.
type prometheus struct {
	*program.Program
	url string // of its root, without the slash
}

// startPrometheus starts a Prometheus on a free port with the configuration.
func startPrometheus(t *testing.T, config string) *prometheus {
	t.Helper()
	dir := room(t)
	file := write(t, dir, "prometheus.yml", config)
	if output, err := exec.CommandContext(t.Context(), tool(t, "promtool"), "check", "config", file).CombinedOutput(); err != nil {
		t.Fatalf("promtool check config: %v\n%s", err, output)
	}
	p := &prometheus{Program: program.Start(t, "prometheus", nil, tool(t, "prometheus"),
		"--config.file="+file, "--storage.tsdb.path="+dir+"/data", "--web.listen-address=127.0.0.1:0")}
	address := regexp.MustCompile(`msg="Listening on" address=(\S+)`)
	program.Eventually(t, "Prometheus is ready", func() error {
		if p.HasEnded() {
			t.Fatalf("Prometheus ended with code %d", p.Code())
		}
		found := address.FindStringSubmatch(p.Stderr())
		if found == nil {
			return errors.New("it does not listen")
		}
		p.url = "http://" + found[1]
		return p.get(t, "/-/ready", nil)
	})
	return p
}

// get gets a path, and unpacks the JSON of the answer into result if that is
// not nil.
func (p *prometheus) get(t *testing.T, path string, result any) error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode != http.StatusOK:
		return errors.New(response.Status)
	case result == nil:
		return nil
	}
	return json.NewDecoder(response.Body).Decode(result)
}

// value is what an instant query gives, which must be one series and have the
// labels.
func (p *prometheus) value(t *testing.T, query string, labels map[string]string) (string, error) {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
				Value  [2]any            `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := p.get(t, "/api/v1/query?query="+url.QueryEscape(query), &answer); err != nil {
		return "", err
	}
	if n := len(answer.Data.Result); n != 1 {
		return "", fmt.Errorf("%s: %d series, want 1", query, n)
	}
	found := answer.Data.Result[0]
	for name, value := range labels {
		if found.Metric[name] != value {
			return "", fmt.Errorf("%s: label %s is %q, want %q", query, name, found.Metric[name], value)
		}
	}
	return fmt.Sprint(found.Value[1]), nil
}

// TestPrometheus has a real Prometheus scrape through the exporter, with the
// scrape configuration that every multi-target exporter has.
func TestPrometheus(t *testing.T) {
	t.Parallel()
	_, target := startNUTSim(t, nutsim.Options{}, three...)
	dead := program.FreeAddress(t)
	e := startExporter(t)
	p := startPrometheus(t, `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: power
    metrics_path: /probe
    params: {module: [nut]}
    static_configs:
      - targets: ["`+target+`", "`+dead+`"]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {target_label: __address__, replacement: "`+e.address+`"}
  - job_name: power_exporter
    static_configs:
      - targets: ["`+e.address+`"]
`)
	own := map[string]string{"job": "power", "instance": target, "device": "rack3ph"}
	for _, c := range []struct {
		query  string
		labels map[string]string
		want   string
	}{
		{`up{job="power",instance="` + target + `"}`, nil, "1"},
		{`probe_success{instance="` + target + `"}`, nil, "1"},
		{`power_device_up{device="rack3ph"}`, own, "1"},
		{`power_inlet_voltage_volts{device="rack3ph"}`, own, "231.1"},
		{`sum by (instance) (power_outlet_active_power_watts{device="epdu"})`, map[string]string{"instance": target}, "2521"},
		// A target that is down is not an exporter that is down.
		{`up{job="power",instance="` + dead + `"}`, nil, "1"},
		{`probe_success{instance="` + dead + `"}`, nil, "0"},
		{`up{job="power_exporter"}`, nil, "1"},
		{`power_exporter_build_info`, map[string]string{"instance": e.address, "version": builtVersion}, "1"},
	} {
		program.Eventually(t, c.query, func() error {
			value, err := p.value(t, c.query, c.labels)
			if err == nil && value != c.want {
				err = fmt.Errorf("it is %s, want %s", value, c.want)
			}
			return err
		})
	}
}
