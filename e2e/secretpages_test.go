package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/e2e/program"
	"power_exporter/e2e/secrets"
)

// TestNoProfileShowsSecrets fetches every page there is, and every profile,
// while passwords are in memory. All that an exporter answers or writes is
// searched, in every test.
func TestNoProfileShowsSecrets(t *testing.T) {
	t.Parallel()
	secret := newSecret()
	_, address := startNUTSim(t, nutsim.Options{Users: map[string]string{"monitor": secret}, RequireLogin: true}, three...)
	dir := room(t)
	write(t, dir, "password", secret+"\n")
	e := startExporter(t, "--log.level=debug", "--config.file="+write(t, dir, "config.yml", `
auths:
  filed: {username: monitor, password_file: password}
  inline: {username: monitor, password: '`+secret+`'}
targets:
  - {name: filed, address: "`+address+`", module: nut, auth: filed}
  - {name: inline, address: "`+address+`", module: nut, auth: inline}
`))
	for _, name := range []string{"filed", "inline"} {
		e.probe(t, "target="+name).want(t, map[string]string{"probe_success": "1"})
	}
	paths := []string{
		"/", "/?q=filed", "/config", "/metrics", "/sd", "/sd?devices=true", "/probe?target=filed&debug=true", "/probe?target=inline&auth=filed",
		"/debug/pprof/", "/debug/pprof/cmdline", "/debug/pprof/symbol", "/debug/pprof/profile?seconds=1", "/debug/pprof/trace?seconds=1",
	}
	for _, profile := range []string{"allocs", "block", "goroutine", "heap", "mutex", "threadcreate"} {
		paths = append(paths, "/debug/pprof/"+profile, "/debug/pprof/"+profile+"?debug=1")
	}
	paths = append(paths, "/debug/pprof/goroutine?debug=2")
	for _, path := range paths {
		if p := e.get(t, path); p.status != http.StatusOK && path != "/probe?target=inline&auth=filed" {
			t.Errorf("%s: status %d", path, p.status)
		}
	}
}

// TestTheStoreHoldsNoSecret has UPSes push, which send their company id in the
// URL and in their settings as well, and looks for it on disk. Nobody else may
// read what is there.
func TestTheStoreHoldsNoSecret(t *testing.T) {
	t.Parallel()
	address, company := program.FreeAddress(t), newSecret()
	config := pushConfig(t, company)
	e := startExporter(t, "--config.file="+config, "--push.listen-address="+address, "--log.level=debug")
	fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
		Push: powersentrixsim.PushOptions{
			Server: "http://" + address, CompanyID: company, Period: 50 * time.Millisecond, Timeout: 20 * time.Second,
			Retry: 50 * time.Millisecond, MaxRetry: time.Second,
		},
		Size: 3, Concurrency: 3, EventEvery: 1, AtOnce: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	pushed := make(chan struct{})
	go func() {
		defer close(pushed)
		fleet.Run(ctx)
	}()
	program.Eventually(t, "events are acknowledged", func() error {
		if acknowledged(fleet) < 10 {
			return errors.New("too few")
		}
		return nil
	})
	stop()
	<-pushed
	if status := pushTo(t, e.client, "http://"+address, newSecret()); status != http.StatusUnauthorized {
		t.Errorf("a wrong company id: status %d", status)
	}
	e.get(t, "/").wantText(t, "<li>1 to powersentrix from 127.0.0.1, the last one ", ": unknown company or token</li>")
	e.metrics(t).want(t, map[string]string{`power_exporter_pushes_total{receiver="powersentrix",result="unauthorized"}`: "1"})
	e.Stop(t)

	folder, files := filepath.Join(filepath.Dir(config), "pushed"), 0
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = fs.ModeDir | 0o700
		}
		if info.Mode() != want {
			t.Errorf("%s has the mode %s, want %s", path, info.Mode(), want)
		}
		if entry.IsDir() {
			return nil
		}
		files++
		text, err := os.ReadFile(path)
		secrets.Absent(t, path, string(text))
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files in %s: %v", files, folder, err)
	}
}

// pushTo pushes a reading of one UPS and gives the status of the answer, which
// repeats no secret.
func pushTo(t *testing.T, client *http.Client, server, company string) (status int) {
	t.Helper()
	query := url.Values{"companyId": {company}, "cmm": {"ups-01"}}
	body := strings.NewReader(`{"upsData": {"temps": {"board": 2}}}`)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+"/api/setUpsData?"+query.Encode(), body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	secrets.Absent(t, "the answer to a push", fmt.Sprintln(response.Header, string(answer)))
	return response.StatusCode
}
