package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

// reloading is an exporter with a configuration that changes, and a NUT server
// that shows nothing to whoever has the wrong password.
type reloading struct {
	*exporter
	dir    string // of config.yml and of the password
	target string // the server's address
	secret string // its password
}

// startReloading starts both; the exporter does not know the password yet.
func startReloading(t *testing.T, args ...string) *reloading {
	t.Helper()
	r := &reloading{dir: room(t), secret: newSecret()}
	_, r.target = startNUTSim(t, nutsim.Options{Users: map[string]string{"monitor": r.secret}, RequireLogin: true}, three...)
	r.password(t, newSecret())
	r.configure(t, "rack")
	r.exporter = startExporter(t, append([]string{"--config.file=" + r.dir + "/config.yml"}, args...)...)
	r.probe(t, "target=rack").want(t, map[string]string{"probe_success": "0"})
	r.logs(t, `target=rack module=nut err=".*ERR ACCESS-DENIED: the server does not let this client read; check`)
	return r
}

// password writes the file of the password.
func (r *reloading) password(t *testing.T, text string) {
	t.Helper()
	write(t, r.dir, "password", text+"\n")
}

// configure writes a configuration in which the server has the name.
func (r *reloading) configure(t *testing.T, target string) {
	t.Helper()
	write(t, r.dir, "config.yml", `
auths:
  monitor: {username: monitor, password_file: password}
targets:
  - {name: `+target+`, address: "`+r.target+`", module: nut, auth: monitor}
`)
}

// confuse writes a configuration that is wrong in line 2.
func (r *reloading) confuse(t *testing.T) {
	t.Helper()
	write(t, r.dir, "config.yml", "modules:\n  nut: {timeout: soon}\n")
}

// problem is what is said of it.
const problem = `config.yml:2: modules.nut.timeout: must be a duration such as 10s, 5m or 1h30m, not "soon"`

// succeeds waits until a probe of the named target succeeds.
func (r *reloading) succeeds(t *testing.T, target string) {
	t.Helper()
	program.Eventually(t, "a probe of "+target+" succeeds", func() error {
		p := r.get(t, "/probe?target="+target)
		if p.status != http.StatusOK {
			return fmt.Errorf("status %d", p.status)
		}
		return p.differs(map[string]string{"probe_success": "1", `power_device_up{device="epdu"}`: "1"})
	})
}

// reports waits until /metrics says whether the last reload was good.
func (r *reloading) reports(t *testing.T, successful string) {
	t.Helper()
	program.Eventually(t, "the reload is reported", func() error {
		return r.metrics(t).differs(map[string]string{"power_exporter_config_last_reload_successful": successful})
	})
}

// TestReload reloads over HTTP.
func TestReload(t *testing.T) {
	t.Parallel()
	r := startReloading(t, "--web.enable-lifecycle")
	r.reports(t, "1")
	const when = "power_exporter_config_last_reload_success_timestamp_seconds"
	loaded := r.metrics(t).number(t, when)

	r.password(t, r.secret)
	p := r.reload(t)
	p.wantStatus(t, http.StatusOK)
	r.succeeds(t, "rack")
	if again := r.metrics(t).number(t, when); again <= loaded {
		t.Errorf("loaded at %f and then at %f", loaded, again)
	}

	r.confuse(t)
	p = r.reload(t)
	p.wantStatus(t, http.StatusInternalServerError)
	p.wantText(t, "the previous one stays in force", r.dir+"/"+problem)
	r.reports(t, "0")
	r.succeeds(t, "rack")

	r.configure(t, "other")
	r.reload(t).wantStatus(t, http.StatusOK)
	r.reports(t, "1")
	r.succeeds(t, "other")
	// What was removed is gone.
	r.get(t, "/probe?target=rack").wantStatus(t, http.StatusBadRequest)

	// A page that a browser has fetched in advance must not reload anything.
	r.get(t, "/-/reload").wantStatus(t, http.StatusMethodNotAllowed)
}

// TestReloadBySignal reloads with SIGHUP, which needs no flag.
func TestReloadBySignal(t *testing.T) {
	t.Parallel()
	r := startReloading(t)
	r.password(t, r.secret)
	r.Signal(t, syscall.SIGHUP)
	r.succeeds(t, "rack")

	r.confuse(t)
	r.Signal(t, syscall.SIGHUP)
	r.reports(t, "0")
	r.logs(t, `level=error .*/config.yml:2: modules.nut.timeout: `)
	r.succeeds(t, "rack")

	r.configure(t, "other")
	r.Signal(t, syscall.SIGHUP)
	r.succeeds(t, "other")

	p := r.reload(t)
	p.wantStatus(t, http.StatusForbidden)
	p.wantText(t, "--web.enable-lifecycle", "SIGHUP")
}

// TestReloadUnderLoad reloads while probes are under way, none of which may
// notice.
func TestReloadUnderLoad(t *testing.T) {
	t.Parallel()
	r := startReloading(t, "--web.enable-lifecycle")
	r.password(t, r.secret)
	r.reload(t).wantStatus(t, http.StatusOK)
	var probes sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		probes.Go(func() {
			for {
				p, err := r.fetch(t.Context(), http.MethodGet, "/probe?target=rack", nil)
				if err != nil || p.status != http.StatusOK || p.value("probe_success") != "1" {
					t.Errorf("a probe: status %d, %v:\n%s", p.status, err, p.body)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 30 {
		if i%3 == 2 {
			r.confuse(t)
			r.reload(t).wantStatus(t, http.StatusInternalServerError)
			continue
		}
		r.configure(t, "rack")
		r.reload(t).wantStatus(t, http.StatusOK)
	}
	close(done)
	probes.Wait()
}

// TestReloadByItself has the exporter watch its files.
func TestReloadByItself(t *testing.T) {
	t.Parallel()
	r := startReloading(t, "--config.auto-reload", "--config.auto-reload-interval=50ms")
	r.password(t, r.secret)
	r.succeeds(t, "rack")
	r.confuse(t)
	r.reports(t, "0")
	r.succeeds(t, "rack")
	r.configure(t, "other")
	r.reports(t, "1")
	r.succeeds(t, "other")
}
