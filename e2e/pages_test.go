package e2e

import (
	"net/http"
	"strings"
	"testing"

	"power_exporter/e2e/program"
)

// TestPages shows the pages that are about the exporter itself.
func TestPages(t *testing.T) {
	t.Parallel()
	e := startExporter(t)
	for path, text := range map[string]string{
		"/":           "power_exporter",
		"/config":     "collector: nut",
		"/-/healthy":  "healthy",
		"/-/ready":    "ready",
		"/metrics":    "power_exporter_build_info",
		"/probe?x=y":  "",
		"/nosuchpage": "",
	} {
		p := e.get(t, path)
		switch {
		case text == "" && p.status < http.StatusBadRequest:
			t.Errorf("%s: status %d", path, p.status)
		case text != "":
			p.wantStatus(t, http.StatusOK)
			p.wantText(t, text)
		}
	}
	if landing := e.get(t, "/"); !strings.Contains(landing.body, `"/probe"`) || !strings.Contains(landing.body, builtVersion) {
		t.Errorf("the landing page has no form or no version:\n%s", landing.body)
	}
}

// TestOwnMetrics shows what the exporter says of itself.
func TestOwnMetrics(t *testing.T) {
	t.Parallel()
	e := startExporter(t)
	e.probe(t, "module=nut&target="+program.FreeAddress(t))
	m := e.metrics(t)
	lint(t, m.body)
	m.want(t, map[string]string{
		`power_exporter_probes_total{module="nut",result="failure"}`: "1",
		`power_exporter_probes_total{module="nut",result="success"}`: "0",
		`power_exporter_probe_duration_seconds_count{module="nut"}`:  "1",
		"power_exporter_config_last_reload_successful":               "1",
		"power_exporter_panics_total":                                "0",
	})
	m.wantText(t, `version="`+builtVersion+`"`, `revision="`+builtRevision+`"`, `branch="`+builtBranch+`"`,
		"\ngo_goroutines ", "\nprocess_start_time_seconds ", "\npromhttp_metric_handler_requests_total")
}

// TestAFailedReloadIsOnThePage shows that whoever looks at the status page sees
// that the file is not what is in force, and no secret of it.
func TestAFailedReloadIsOnThePage(t *testing.T) {
	t.Parallel()
	dir := room(t)
	config := write(t, dir, "config.yml", "targets: [{name: rack, address: ups1, module: nut}]\n")
	e := startExporter(t, "--config.file="+config, "--web.enable-lifecycle")
	const banner = "The last reload failed"
	if p := e.get(t, "/"); strings.Contains(p.body, banner) {
		t.Errorf("there was no failed reload:\n%s", p.body)
	}
	write(t, dir, "config.yml", "auths: {a: {username: u, password: very-s3cret, passwort: very-s3cret}}\n")
	e.reload(t).wantStatus(t, http.StatusInternalServerError)
	p := e.get(t, "/")
	p.wantText(t, banner, "is still in force", "auths.a.passwort: unknown key", ">rack<")
	if strings.Contains(p.body, "very-s3cret") {
		t.Errorf("a secret shows:\n%s", p.body)
	}
	write(t, dir, "config.yml", "")
	e.reload(t).wantStatus(t, http.StatusOK)
	if p := e.get(t, "/"); strings.Contains(p.body, banner) {
		t.Errorf("the reload succeeded:\n%s", p.body)
	}
}
