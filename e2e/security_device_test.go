package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"power_exporter/e2e/secrets"
)

// readers are modules and auths with which every collector that speaks HTTP
// asks a server of this machine.
const readers = `
auths:
  token: {token_file: secret, targets: ["127.0.0.1"]}
  user: {username: u, password_file: secret, targets: ["127.0.0.1"]}
  basic: {username: u, password_file: secret, basic: on, targets: ["127.0.0.1"]}
  api: {api_key_file: secret, targets: ["127.0.0.1"]}
  key: {key: k, secret_file: secret, targets: ["12345"]}
modules:
  synlink: {follow_redirects: FOLLOW}
  stream: {collector: synlink, follow_redirects: FOLLOW, synlink: {stream: on}}
  ems: {native: true, follow_redirects: FOLLOW}
  powersentrix: {native: true, follow_redirects: FOLLOW}
  portal: {collector: powersentrix, native: true, follow_redirects: FOLLOW, powersentrix: {mode: portal}}
  powerpulse: {native: true, follow_redirects: FOLLOW}
  kiosk: {collector: powerpulse, native: true, follow_redirects: FOLLOW, powerpulse: {kiosk: on}}
  cloudtrax: {cache_ttl: 0s, cloudtrax: {url: "SERVER"}}
  nut: {native: true}
`

// readAll probes a server with each of them.
func readAll(t *testing.T, e *exporter, server string) (answers []page) {
	t.Helper()
	for _, query := range []string{
		"module=synlink&auth=token", "module=synlink&auth=user", "module=synlink&auth=basic", "module=stream&auth=user", "module=ems&auth=user",
		"module=powersentrix&auth=api", "module=portal&auth=user", "module=powerpulse&auth=user", "module=kiosk",
	} {
		answers = append(answers, e.probe(t, "debug=true&target="+url.QueryEscape(server)+"&"+query))
	}
	return append(answers, e.probe(t, "debug=true&target=12345&module=cloudtrax&auth=key"))
}

// reading starts an exporter with readers of the server.
func reading(t *testing.T, server, follow string) *exporter {
	t.Helper()
	dir := room(t)
	write(t, dir, "secret", newSecret()+"\n")
	text := strings.NewReplacer("SERVER", server, "FOLLOW", follow).Replace(readers)
	return startExporter(t, "--log.level=debug", "--config.file="+write(t, dir, "config.yml", text))
}

// TestRedirectsLeadNowhere shows that no device can have itself read, or the
// credentials that are meant for it, at another host: not even at another port
// of its own.
func TestRedirectsLeadNowhere(t *testing.T) {
	t.Parallel()
	stranger := listen(t, rebuff)
	var asked atomic.Int64
	device := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		codes := []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect}
		w.Header().Set("Location", "http://"+stranger.address+r.URL.RequestURI())
		w.WriteHeader(codes[int(asked.Add(1))%len(codes)])
	}))
	t.Cleanup(device.Close)
	for _, follow := range []string{"on", "off"} {
		e := reading(t, device.URL, follow)
		before := asked.Load()
		probes := readAll(t, e, device.URL)
		for _, p := range probes {
			p.wantText(t, "\nprobe_success 0\n")
		}
		if n := asked.Load() - before; n < int64(len(probes)) {
			t.Errorf("the device was asked %d times in %d probes", n, len(probes))
		}
	}
	if n := stranger.connections.Load(); n != 0 {
		t.Errorf("%d connections to where the device pointed; it heard %q", n, stranger.heard.String())
	}
}

// TestAStrangerIsNotShown reads something that is no device, as the metadata
// service of a cloud is, with every module: of what it says nothing is shown
// that is in the answer of an HTTP server, on any page or in the log. That is
// looked for in all that the exporter writes.
func TestAStrangerIsNotShown(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		`{"Code": "Success", "AccessKeyId": "SECRET", "SecretAccessKey": "SECRET", "Token": "SECRET", "Expiration": "2030-01-01T00:00:00Z"}`,
		"SECRET\nlocal-hostname\niam/\n", `"SECRET"`, `["SECRET"]`, `{"SECRET": "SECRET"}`, "<html>SECRET</html>",
	} {
		answer = strings.ReplaceAll(answer, "SECRET", secrets.Marker)
		for _, status := range []int{http.StatusOK, http.StatusUnauthorized, http.StatusInternalServerError} {
			stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, answer)
			}))
			t.Cleanup(stranger.Close)
			e := reading(t, stranger.URL, "on")
			for _, p := range readAll(t, e, stranger.URL) {
				p.wantText(t, "\nprobe_success 0\n")
			}
			e.probe(t, "debug=true&module=nut&target="+strings.TrimPrefix(stranger.URL, "http://")).wantText(t, "not the NUT protocol")
			for _, path := range []string{"/", "/metrics", "/sd?devices=true"} {
				e.get(t, path).wantStatus(t, http.StatusOK)
			}
		}
	}
}
