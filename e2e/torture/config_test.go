package torture

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tortureConfig reloads while something is wrong with the configuration: the
// one in force stays, and what is wrong is said.
func tortureConfig(t *testing.T, seen *notes) {
	t.Helper()
	const good = `
auths:
  user: {username: u, password_file: secret}
modules:
  short: {collector: nut, timeout: 1s}
targets:
  - {name: rack, address: "127.0.0.1:1", module: short, auth: user}
`
	first, _, _ := strings.Cut(good, "  - {name")
	remove := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			write(t, dir, name, text)
		}
	}
	folder := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			remove(name)(t, dir)
			if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tt := range []struct {
		name  string
		spoil func(*testing.T, string)
		says  string
	}{
		{"config deleted", remove("config.yml"), "config.yml: no such file"},
		{"config is a folder", folder("config.yml"), "config.yml: is a directory"},
		{"config half written", replace("config.yml", first+"  - {name: ra"), "config.yml:7: "},
		{"config cut between two targets", replace("config.yml", first+"  - \n"), "config.yml:7: "},
		{"config of garbage", replace("config.yml", "\x00\x17\xfe\xff\x03"), "config.yml:"},
		{"config in UTF-16 without its mark", replace("config.yml", utf16(good)[2:]), "config.yml:"},
		{"config of the secret", replace("config.yml", secret), "config.yml:1: "},
		{"secret deleted", remove("secret"), "secret: no such file"},
		{"secret is a folder", folder("secret"), "secret: is a directory"},
		{"secret empty", replace("secret", ""), "secret"},
		{"secret of two lines", replace("secret", secret+"\n"+secret+"\n"), "secret"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := room(t)
			write(t, dir, "secret", secret+"\n")
			e := startExporter(t, false, nil, "--config.file="+write(t, dir, "config.yml", good))
			before := e.probe(t, "rack")
			tt.spoil(t, dir)
			status, body := e.ask(t, http.MethodPost, "/-/reload")
			if status != http.StatusInternalServerError || !strings.Contains(body, tt.says) {
				t.Errorf("the reload is answered with %d and\n%swant 500 and %s", status, body, tt.says)
			}
			seen.add("reload: "+tt.name, "keeps the configuration", body)
			if got := e.own(t)["power_exporter_config_last_reload_successful"]; got != "0" {
				t.Errorf("the last reload was a success: %s", got)
			}
			if after := e.probe(t, "rack"); after.said != before.said {
				t.Errorf("the probe says %s, and said %s", after.said, before.said)
			}
			for _, name := range []string{"config.yml", "secret"} {
				if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			write(t, dir, "secret", secret+"\n")
			write(t, dir, "config.yml", good)
			if status, body := e.ask(t, http.MethodPost, "/-/reload"); status != http.StatusOK {
				t.Errorf("when all is well again, the reload is answered with %d and %s", status, body)
			}
			if got := e.own(t)["power_exporter_config_last_reload_successful"]; got != "1" {
				t.Errorf("the last reload was a success: %s", got)
			}
		})
	}
}
