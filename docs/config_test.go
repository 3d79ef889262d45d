package docs

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/exporter-toolkit/web"

	"power_exporter/config"
)

// TestConfigurationKeys compares each group of keys with its table in
// configuration.md.
func TestConfigurationKeys(t *testing.T) {
	d := document{path: "docs/configuration.md", text: read(t, "configuration.md")}
	compareKeys(t, d, "## Top level", reflect.TypeFor[config.Config]())
}

// compareKeys compares the keys of a group, and of the groups in it, with the
// tables under the headings.
func compareKeys(t *testing.T, d document, heading string, group reflect.Type) {
	t.Helper()
	text, _, _ := strings.Cut(d.section(t, heading), "\n#")
	var described, keys []string
	for _, row := range rows(text) {
		described = append(described, codes(row[0])...)
	}
	for field := range group.Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		// References to a secret manager are prometheus/common's, and not offered.
		if key == "" || key == "-" || strings.HasSuffix(key, "_ref") {
			continue
		}
		keys = append(keys, key)
		inner := field.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice || inner.Kind() == reflect.Map {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[config.AdHocTargets]() {
			compareKeys(t, d, headingOf(t, d, heading, key), inner)
		}
	}
	slices.Sort(described)
	slices.Sort(keys)
	if !slices.Equal(described, keys) {
		t.Errorf("%s: the table under %q has the keys\n%q, the exporter knows\n%q", d.path, heading, described, keys)
	}
}

// headingOf is the heading above the table of a key's group: the key as a title
// or as code, with or without that of the group it is in.
func headingOf(t *testing.T, d document, outer, key string) string {
	t.Helper()
	outer = strings.ToLower(strings.Trim(outer, "# `"))
	for _, heading := range []string{
		"## " + strings.ToUpper(key[:1]) + key[1:], "### `" + outer + "." + key + "`", "### `" + key + "`", "#### `" + key + "`",
	} {
		if strings.Contains(d.text, "\n"+heading+"\n") {
			return heading
		}
	}
	t.Fatalf("%s has no heading for the group %s of %s", d.path, key, outer)
	return ""
}

var filePath = regexp.MustCompile(`_file: ([^\s,}]+)`)

// TestYAML loads every block of YAML as what it is. The files it names are made
// for the occasion.
func TestYAML(t *testing.T) {
	kinds := map[string]int{}
	for _, d := range documents(t) {
		for i, b := range d.blocks("yaml") {
			first, _, _ := strings.Cut(b.text, ":")
			folder := t.TempDir()
			file := filepath.Join(folder, "config.yml")
			text := withFiles(t, folder, b.text)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var err error
			switch first {
			case "auths", "modules", "targets", "receivers", "probe", "storage":
				_, err = config.Parse(file, []byte(text))
				first = "exporter"
			case "scrape_configs":
				err = promtool(t, "check", "config", "--syntax-only", file)
			case "tls_server_config", "basic_auth_users":
				err = web.Validate(file)
				first = "web"
			default:
				err = fmt.Errorf("it starts with %s, and nobody knows what that is", first)
			}
			kinds[first]++
			if err != nil {
				t.Errorf("%s: block %d of YAML: %v\n%s", d.path, i+1, err, b.text)
			}
		}
	}
	for _, kind := range []string{"exporter", "scrape_configs", "web"} {
		if kinds[kind] == 0 {
			t.Errorf("no block of YAML is of kind %s", kind)
		}
	}
}

// TestExamples loads the files that users copy. Those of Prometheus and
// Alertmanager are checked by their own tools, beside deploy.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../examples/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range files {
		if name := filepath.Base(file); name == "prometheus.yml" || name == "alertmanager.yml" {
			continue
		}
		if _, err := config.Parse("config.yml", []byte(withFiles(t, t.TempDir(), read(t, file)))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// withFiles makes the files that a configuration names, in the folder, and
// gives the configuration with their new paths.
func withFiles(t *testing.T, folder, text string) string {
	t.Helper()
	certificate, key := pair(t)
	return filePath.ReplaceAllStringFunc(text, func(found string) string {
		path := strings.TrimPrefix(found, "_file: ")
		content := []byte("secret\n")
		switch filepath.Ext(path) {
		case ".pem":
			content = certificate
		case ".key":
			content = key
		}
		made := filepath.Join(folder, filepath.Base(path))
		if err := os.WriteFile(made, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return "_file: " + made
	})
}

// pair is a certificate and its key in PEM.
func pair(t *testing.T) (certificate, key []byte) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	of := server.TLS.Certificates[0]
	private, err := x509.MarshalPKCS8PrivateKey(of.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: of.Certificate[0]})
	return certificate, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
}

// promtool runs Prometheus' own checks.
func promtool(t *testing.T, args ...string) error {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal(`promtool is missing: it is in the Debian package prometheus, which "make test" installs`)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("promtool: %w\n%s", err, out)
	}
	return nil
}

// TestExpressions lets Prometheus read every block of PromQL, a line at a time.
func TestExpressions(t *testing.T) {
	var rules strings.Builder
	rules.WriteString("groups:\n- name: documents\n  rules:\n")
	n := 0
	for _, d := range documents(t) {
		for _, b := range d.blocks("promql") {
			for line := range strings.Lines(b.text) {
				n++
				fmt.Fprintf(&rules, "  - record: documents:line:%d\n    expr: |\n      %s", n, line)
			}
		}
	}
	if n == 0 {
		t.Fatal("there are no expressions")
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := promtool(t, "check", "rules", file); err != nil {
		t.Errorf("%v\n%s", err, rules.String())
	}
}

var (
	helpFlag = regexp.MustCompile(`(?m)^ {2,6}(?:-[a-z], )?--(?:\[no-\])?([a-z.-]+)`)
	docFlag  = regexp.MustCompile("`--([a-z.-]+)`")
)

// TestFlags compares the README's table of flags with --help.
func TestFlags(t *testing.T) {
	help := exec.CommandContext(t.Context(), "go", "run", "-buildvcs=false", "..", "--help")
	out, err := help.CombinedOutput()
	if err != nil {
		t.Fatalf("--help: %v\n%s", err, out)
	}
	var there []string
	for _, m := range helpFlag.FindAllStringSubmatch(string(out), -1) {
		if m[1] != "help" && m[1] != "version" {
			there = append(there, m[1])
		}
	}
	readme := document{path: "README.md", text: read(t, "../README.md")}
	var described []string
	for _, row := range rows(readme.section(t, "## Flags")) {
		for _, m := range docFlag.FindAllStringSubmatch(row[0], -1) {
			described = append(described, m[1])
		}
	}
	slices.Sort(there)
	slices.Sort(described)
	if !slices.Equal(there, described) {
		t.Errorf("the README's table of flags has\n%q, --help has\n%q", described, there)
	}
	for _, d := range documents(t) {
		for _, m := range docFlag.FindAllStringSubmatch(d.text, -1) {
			if strings.Contains(m[1], ".") && !slices.Contains(there, m[1]) {
				t.Errorf("%s: there is no flag --%s", d.path, m[1])
			}
		}
	}
}
