package e2e

import (
	"net/http"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
)

// TestNothingShowsSecrets looks for passwords on every page, in every error and
// in the log. That each of them is really used is seen from the successes. The
// search itself is in program.Start and in exporter.fetch, for all tests.
func TestNothingShowsSecrets(t *testing.T) {
	t.Parallel()
	inline, filed := newSecret(), newSecret()
	_, first := startNUTSim(t, nutsim.Options{Users: map[string]string{"monitor": inline}, RequireLogin: true}, three...)
	_, second := startNUTSim(t, nutsim.Options{Users: map[string]string{"monitor": filed}, RequireLogin: true}, three...)
	mirror := listen(t, mirror).address
	dir := room(t)
	write(t, dir, "password", filed)
	good := `
auths:
  inline: {username: monitor, password: '` + inline + `', targets: ["127.0.0.1"]}
  filed: {username: monitor, password_file: password, targets: ["127.0.0.1"]}
targets:
  - {name: first, address: "` + first + `", module: nut, auth: inline}
  - {name: second, address: "` + second + `", module: nut, auth: filed}
`
	config := write(t, dir, "config.yml", good)
	e := startExporter(t, "--config.file="+config, "--log.level=debug", "--web.enable-lifecycle")
	for _, target := range []string{"first", "second"} {
		e.probe(t, "target="+target).want(t, map[string]string{"probe_success": "1"})
		e.probe(t, "debug=true&target="+target).want(t, map[string]string{"probe_success": "1"})
	}
	for _, auth := range []string{"inline", "filed"} {
		query := "module=nut&auth=" + auth + "&target=" + mirror
		e.probe(t, query).want(t, map[string]string{"probe_success": "0"})
		e.probe(t, query+"&debug=true").wantText(t, "PASSWORD: not the NUT protocol", "got \"PASSWORD <secret>\"", "auth "+auth)
	}
	e.get(t, "/config").wantText(t, "password: <secret>", "password_file: ", "username: monitor", "first")
	for _, path := range []string{"/", "/metrics", "/-/healthy", "/-/ready", "/debug/pprof/", "/debug/pprof/cmdline", "/debug/pprof/goroutine?debug=2"} {
		e.get(t, path).wantStatus(t, http.StatusOK)
	}
	for what, bad := range map[string]string{
		"unknown key":   strings.Replace(good, "password:", "passwort:", 1),
		"a list":        strings.Replace(good, "password: '"+inline+"'", "password: ['"+inline+"']", 1),
		"open quote":    strings.Replace(good, inline+"'", inline, 1),
		"no quotes":     strings.Replace(good, "'"+inline+"'", inline+": "+inline, 1),
		"both":          strings.Replace(good, "password: '", "password_file: password, password: '", 1),
		"given twice":   strings.Replace(good, "password: '", "password: '"+inline+"', password: '", 1),
		"as a filename": strings.Replace(good, "password_file: password", "password_file: 'missing'", 1),
	} {
		write(t, dir, "config.yml", bad)
		p := e.reload(t)
		if p.status != http.StatusInternalServerError || !strings.Contains(p.body, config+":") {
			t.Errorf("%s: status %d and %s", what, p.status, p.body)
		}
		if _, _, code := run(t, "--config.check", "--config.file="+config); code != 1 {
			t.Errorf("%s: exit code %d", what, code)
		}
	}

	write(t, dir, "config.yml", good)
	if stdout, stderr, code := once(t, "--config.file="+config, "--target=first", "--debug"); code != 0 {
		t.Errorf("--once: exit code %d\n%s%s", code, stdout, stderr)
	}
	once(t, "--config.file="+config, "--target="+mirror, "--module=nut", "--auth=filed", "--debug", "--log.level=debug")
}
