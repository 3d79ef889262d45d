package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestContents looks for what is packed, and that nothing of the
// administrator's is overwritten.
func TestContents(t *testing.T) {
	t.Parallel()
	var packed struct {
		Contents []struct{ Src, Dst, Type string }
		Scripts  map[string]string
	}
	if err := yaml.Unmarshal([]byte(read(t, "packages/nfpm.yaml")), &packed); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, content := range packed.Contents {
		if strings.HasPrefix(content.Dst, "/etc/") {
			kept++
			if content.Type != "config|noreplace" {
				t.Errorf("an upgrade overwrites %s", content.Dst)
			}
		}
		if strings.HasPrefix(content.Src, "${BUILT}/") {
			continue
		}
		if found, err := filepath.Glob(filepath.Join("..", content.Src)); err != nil || len(found) == 0 {
			t.Errorf("there is no %s: %v", content.Src, err)
		}
	}
	if kept != 2 || len(packed.Scripts) != 3 {
		t.Errorf("there are %d files in /etc and %d scripts", kept, len(packed.Scripts))
	}
	for _, script := range packed.Scripts {
		if _, err := os.Stat(filepath.Join("..", script)); err != nil {
			t.Error(err)
		}
	}
}

// TestScripts runs the scripts of the packages as dpkg and rpm do, with a
// systemctl that says what it was asked.
func TestScripts(t *testing.T) {
	t.Parallel()
	const (
		reload  = "systemctl daemon-reload\n"
		restart = "systemctl try-restart power_exporter.service\n"
		disable = "systemctl disable --now power_exporter.service\n"
		hint    = "Start power_exporter with: systemctl enable --now power_exporter\n"
	)
	for name, test := range map[string]struct {
		script    string
		arguments []string
		said      string
	}{
		"dpkg installs":            {"postinstall", []string{"configure", ""}, reload + hint},
		"dpkg upgrades":            {"postinstall", []string{"configure", "0.0.9-1"}, reload + restart},
		"rpm installs":             {"postinstall", []string{"1"}, reload + hint},
		"rpm upgrades":             {"postinstall", []string{"2"}, reload + restart},
		"dpkg removes":             {"preremove", []string{"remove"}, disable},
		"dpkg upgrades the old":    {"preremove", []string{"upgrade", "0.2.0-1"}, ""},
		"rpm removes":              {"preremove", []string{"0"}, disable},
		"rpm upgrades the old":     {"preremove", []string{"1"}, ""},
		"dpkg has removed":         {"postremove", []string{"remove"}, reload},
		"dpkg has upgraded":        {"postremove", []string{"upgrade", "0.2.0-1"}, reload},
		"rpm has removed":          {"postremove", []string{"0"}, reload},
		"a root that is no system": {"postinstall", []string{"configure", ""}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			systemd := filepath.Join(folder, "systemd")
			if name != "a root that is no system" {
				if err := os.Mkdir(systemd, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(folder, "systemctl"), []byte("#!/bin/sh\necho systemctl \"$@\"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(read(t, "packages/"+test.script), "/run/systemd/system", systemd)
			command := exec.CommandContext(t.Context(), "/bin/sh", append([]string{write(t, test.script, text)}, test.arguments...)...)
			command.Env = []string{"PATH=" + folder + ":/usr/bin:/bin"}
			said, err := command.CombinedOutput()
			if err != nil || string(said) != test.said {
				t.Errorf("%s %q: %v\n%s", test.script, test.arguments, err, said)
			}
		})
	}
}

// TestPurge shows that only a purge takes what devices have pushed.
func TestPurge(t *testing.T) {
	t.Parallel()
	for action, left := range map[string]bool{"remove": true, "upgrade": true, "purge": false} {
		root := t.TempDir()
		store := filepath.Join(root, "var/lib/private/power_exporter/data")
		if err := os.MkdirAll(store, 0o700); err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), "/bin/sh", "packages/postremove", action)
		command.Env = []string{"PATH=/usr/bin:/bin", "DPKG_ROOT=" + root}
		if said, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", action, err, said)
		}
		if _, err := os.Stat(store); (err == nil) != left {
			t.Errorf("after %s: %v", action, err)
		}
	}
}
