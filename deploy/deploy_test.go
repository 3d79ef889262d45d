// Package deploy holds what people install, copy and start to the code. The
// folder validate has the tests that need the code of Kubernetes and others.
package deploy

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"power_exporter/config"
)

// read is the text of a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// write makes a file in a folder of the test, and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a program of a Debian package, which must be content.
func run(t *testing.T, debian, program string, arguments ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is missing: it is in the Debian package %s, which \"make test\" installs", program, debian)
	}
	out, err := exec.CommandContext(t.Context(), path, arguments...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", program, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

// TestYAML reads every file of YAML.
func TestYAML(t *testing.T) {
	t.Parallel()
	found := 0
	for _, folder := range []string{".", "../examples"} {
		if err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".yml") && !strings.HasSuffix(path, ".yaml") {
				return err
			}
			found++
			for decoder := yaml.NewDecoder(strings.NewReader(read(t, path))); ; {
				var content yaml.Node
				if err := decoder.Decode(&content); errors.Is(err, io.EOF) {
					return nil
				} else if err != nil {
					t.Errorf("%s: %v", path, err)
					return nil
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	if found < 20 {
		t.Errorf("there are only %d files", found)
	}
}

var (
	secretFile = regexp.MustCompile(`_file: ([^\s,}]+)`)
	// commented is a line that shows what could be written: it is indented, or a
	// key alone. Words for people begin after one space.
	commented = regexp.MustCompile(`(?m)^#(  |[a-z_]+:$)`)
)

// TestConfigurations loads each configuration of the exporter, also with what is
// commented out in it.
func TestConfigurations(t *testing.T) {
	t.Parallel()
	secret := write(t, "secret", "secret\n")
	for path, wanted := range map[string]struct{ targets, further int }{
		"compose/exporter/config.yml": {0, 2},
		"kubernetes/base/config.yml":  {2, 2},
		"packages/config.yml":         {0, 1},
	} {
		text := secretFile.ReplaceAllString(read(t, path), "_file: "+secret)
		all := commented.ReplaceAllString(strings.Replace(text, "targets: []", "targets:", 1), "$1")
		for _, variant := range []struct {
			text    string
			targets int
		}{{text, wanted.targets}, {all, wanted.further}} {
			c, err := config.Parse(path, []byte(variant.text))
			if err != nil {
				t.Errorf("%v\n%s", err, variant.text)
				continue
			}
			if len(c.Targets) != variant.targets {
				t.Errorf("%s names %d targets\n%s", path, len(c.Targets), variant.text)
			}
		}
	}
}

// TestPrometheus has promtool check the configurations of Prometheus, with the
// rules.
func TestPrometheus(t *testing.T) {
	t.Parallel()
	run(t, "prometheus", "promtool", "check", "config", "../examples/prometheus.yml")

	rules, err := filepath.Abs("../rules")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(read(t, "compose/prometheus.yml"), "/etc/prometheus/rules/", rules+"/", 1)
	said := run(t, "prometheus", "promtool", "check", "config", write(t, "prometheus.yml", text))
	if !strings.Contains(said, "SUCCESS: 2 rule files found") {
		t.Errorf("Prometheus would not find the rules: %s", said)
	}
}

// TestGrafana looks whether Grafana finds Prometheus and the dashboards.
func TestGrafana(t *testing.T) {
	t.Parallel()
	var sources struct {
		APIVersion  int `yaml:"apiVersion"`
		Datasources []struct {
			Name, UID, Type, Access, URL string
			IsDefault                    bool `yaml:"isDefault"`
			JSONData                     struct {
				HTTPMethod   string `yaml:"httpMethod"`
				TimeInterval string `yaml:"timeInterval"`
			} `yaml:"jsonData"`
		}
	}
	strict(t, "compose/grafana/provisioning/datasources/prometheus.yml", &sources)
	if len(sources.Datasources) != 1 || !sources.Datasources[0].IsDefault || sources.Datasources[0].Type != "prometheus" {
		t.Errorf("the sources of data are %+v", sources)
	}
	var boards struct {
		APIVersion int `yaml:"apiVersion"`
		Providers  []struct {
			Name, Folder, Type string
			Options            struct{ Path string }
		}
	}
	strict(t, "compose/grafana/provisioning/dashboards/power.yml", &boards)
	compose := read(t, "compose/compose.yml")
	if len(boards.Providers) != 1 || !strings.Contains(compose, "../../dashboards:"+boards.Providers[0].Options.Path+":ro") {
		t.Errorf("the dashboards are not mounted where they are looked for: %+v", boards)
	}
	home := regexp.MustCompile(`GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: /etc/grafana/(.+)`).FindStringSubmatch(compose)
	if home == nil {
		t.Fatal("Grafana has no home dashboard")
	}
	if _, err := os.Stat(filepath.Join("..", home[1])); err != nil {
		t.Error(err)
	}
}

// strict reads YAML in which every key must be known.
func strict(t *testing.T, path string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, path)))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Errorf("%s: %v", path, err)
	}
}
