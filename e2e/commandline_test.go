package e2e

import (
	"net"
	"regexp"
	"strings"
	"testing"
)

// TestVersion shows that --version says what was built.
func TestVersion(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := run(t, "--version")
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, text := range []string{
		"power_exporter, version " + builtVersion + " (branch: " + builtBranch + ", revision: " + builtRevision, builtUser, builtDate,
	} {
		if !strings.Contains(stdout, text) {
			t.Errorf("%q is missing in\n%s%s", text, stdout, stderr)
		}
	}
}

// TestHelp shows that --help names every flag that the documentation promises.
func TestHelp(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := run(t, "--help")
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, flag := range []string{
		"config.file", "config.check", "config.auto-reload", "config.auto-reload-interval",
		"web.listen-address", "web.config.file", "web.systemd-socket", "web.enable-lifecycle",
		"log.level", "log.format", "timeout-offset", "help", "version",
		"once", "module", "target", "auth", "param", "debug",
	} {
		if !regexp.MustCompile(`--(\[no-\])?` + regexp.QuoteMeta(flag) + `[ =\n]`).MatchString(stdout) {
			t.Errorf("--%s is missing in\n%s%s", flag, stdout, stderr)
		}
	}
}

// TestBadFlags shows that a wrong command line is an error that names what is
// wrong.
func TestBadFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ flag, says string }{
		{"--nonsense", "--nonsense"},
		{"--log.level=loud", "loud"},
		{"--log.format=xml", "xml"},
		{"--timeout-offset=soon", "soon"},
		{"extra", "extra"},
	} {
		stdout, stderr, code := run(t, c.flag)
		if code == 0 || !strings.Contains(stderr, c.says) || stdout != "" {
			t.Errorf("%s: exit code %d, standard output %q, standard error %q", c.flag, code, stdout, stderr)
		}
	}
}

// TestConfigCheck shows that a configuration can be judged before it is used.
func TestConfigCheck(t *testing.T) {
	t.Parallel()
	dir := room(t)
	good := write(t, dir, "good.yml", "targets:\n  - {name: rack, address: ups1, module: nut}\n")
	bad := write(t, dir, "bad.yml", "# Two mistakes.\nmodules:\n  nut: {timeout: soon}\ntargets:\n  - {name: rack, address: ups1, modul: nut}\n")
	web := write(t, dir, "web.yml", "basic_auth_users: {a: b}\ntls_server_confg: {}\n")

	stdout, stderr, code := run(t, "--config.check", "--config.file="+good)
	if code != 0 || stderr != "" || stdout != good+" is good: 1 target, 0 auths, 6 modules.\n" {
		t.Errorf("a good file: exit code %d, standard output %q, standard error %q", code, stdout, stderr)
	}
	stdout, _, code = run(t, "--config.check")
	if code != 0 || stdout != "No configuration file was given: the defaults are good.\n" {
		t.Errorf("without a file: exit code %d, standard output %q", code, stdout)
	}
	_, stderr, code = run(t, "--config.check", "--config.file="+bad)
	for _, says := range []string{bad + `:3: modules.nut.timeout: `, bad + `:5: targets[0].modul: unknown key "modul"`} {
		if code != 1 || !strings.Contains(stderr, says) {
			t.Errorf("a bad file: exit code %d, and %q is missing in %q", code, says, stderr)
		}
	}
	_, stderr, code = run(t, "--config.check", "--config.file="+good, "--web.config.file="+web)
	if code != 1 || !strings.Contains(stderr, web) || !strings.Contains(stderr, "tls_server_confg") {
		t.Errorf("a bad web configuration: exit code %d, standard error %q", code, stderr)
	}
	_, stderr, code = run(t, "--config.check", "--config.file="+dir+"/none.yml")
	if code != 1 || !strings.Contains(stderr, dir+"/none.yml: no such file") {
		t.Errorf("no file: exit code %d, standard error %q", code, stderr)
	}
}

// TestCannotStart shows that an exporter which cannot do its work ends and says
// why, so that whoever supervises it notices.
func TestCannotStart(t *testing.T) {
	t.Parallel()
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	taken := socket.Addr().String()
	dir := room(t)
	bad := write(t, dir, "bad.yml", "modules: {nut: {timeout: soon}}\n")
	for _, c := range []struct{ name, address, flag, says string }{
		{"address in use", taken, "--log.level=info", `msg="cannot serve" listen=` + taken + ` err="listen tcp ` + taken + `: bind: address already in use"`},
		{"bad configuration", "127.0.0.1:0", "--config.file=" + bad, bad + ":1: modules.nut.timeout"},
		{"no configuration", "127.0.0.1:0", "--config.file=" + dir + "/none.yml", dir + "/none.yml: no such file or directory"},
		{"no web configuration", "127.0.0.1:0", "--web.config.file=" + dir + "/web.yml", dir + "/web.yml: no such file or directory"},
	} {
		_, stderr, code := run(t, "--web.listen-address="+c.address, c.flag)
		if code != 1 || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit code %d, and %q is missing in\n%s", c.name, code, c.says, stderr)
		}
	}
}
