package web

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"power_exporter/receiver"
)

// TestPrometheusNeedsNoRelabelling has Prometheus' own discovery read /sd, as
// each scrape configuration of the document says, and looks at what it would
// scrape.
func TestPrometheusNeedsNoRelabelling(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/discovery.md")
	if err != nil {
		t.Fatal(err)
	}
	o := options(parsed(t, fleetConfig), readings{"one": named("u1", "u2"), "three": nil})
	o.Pushed = func() []receiver.Status { return []receiver.Status{{ID: "ups-01"}} }
	server := httptest.NewServer(serve(t, o))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")

	// What Prometheus is left with: the labels of every series of a scrape.
	attic, cellar := map[string]string{"job": "power", "instance": "attic"}, map[string]string{"job": "power", "instance": "cellar", "site": "home"}
	rackA := map[string]string{"job": "power", "instance": "rack-a", "site": "hq", "rack": "a1"}
	rackB := map[string]string{"job": "power", "instance": "rack-b", "site": "hq", "rack": "b1"}
	want := map[string][]map[string]string{
		"/sd": {attic, cellar, rackA, rackB},
		"/sd?devices=true": {
			attic, cellar,
			{"job": "power", "instance": "push/ups-01"},
			{"job": "power", "instance": "rack-a/u1", "site": "hq", "rack": "a1"},
			{"job": "power", "instance": "rack-a/u2", "site": "hq", "rack": "a1"},
			rackB,
		},
		"/sd?match=site=hq&shard=0/3": {rackA, rackB},
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(scrape_configs:.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != len(want) {
		t.Fatalf("the document has %d scrape configurations, want %d", len(blocks), len(want))
	}
	for _, block := range blocks {
		_, path, _ := strings.Cut(block[1], "exporter.example.net:10493")
		path, _, _ = strings.Cut(path, "\n")
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			t.Parallel() // each takes as long as promtool waits
			equal(t, path, prometheusFinds(t, strings.ReplaceAll(block[1], "exporter.example.net:10493", host), host), want[path])
		})
	}
}

// prometheusFinds are the labels of the targets that a scrape configuration
// leads to, by instance, all of which must be probes at the host.
func prometheusFinds(t *testing.T, config, host string) []map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatalf("the program promtool is missing, which is in the Debian package prometheus: %v", err)
	}
	if output, err := exec.CommandContext(t.Context(), promtool, "check", "config", file).CombinedOutput(); err != nil {
		t.Fatalf("promtool check config: %v\n%s", err, output)
	}
	command := exec.CommandContext(t.Context(), promtool, "check", "service-discovery", "--timeout=3s", file, "power")
	output, err := command.Output()
	if err != nil {
		t.Fatalf("promtool check service-discovery: %v\n%s", err, output)
	}
	var found []struct {
		DiscoveredLabels map[string]string `json:"discoveredLabels"`
		Labels           map[string]string `json:"labels"`
		Error            string            `json:"error"`
	}
	if err := json.Unmarshal(output, &found); err != nil {
		t.Fatalf("%v in %s", err, output)
	}
	labels := make([]map[string]string, len(found))
	for i, f := range found {
		if f.Error != "" || f.Labels["__address__"] != host || f.Labels["__metrics_path__"] != "/probe" || f.Labels["__scheme__"] != "http" || f.Labels["__param_target"] == "" {
			t.Errorf("target %+v", f)
		}
		labels[i] = map[string]string{}
		for name, value := range f.Labels {
			if !strings.HasPrefix(name, "__") {
				labels[i][name] = value
			}
		}
	}
	slices.SortFunc(labels, func(a, b map[string]string) int { return strings.Compare(a["instance"], b["instance"]) })
	return labels
}
