package e2e

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

// TestTheNameCounts says what a pattern of names is worth: whoever answers for
// the name chooses the address. Only a certificate proves that it is the right
// one, and without that proof the credentials stay here.
func TestTheNameCounts(t *testing.T) {
	t.Parallel()
	cert, key, _ := selfSigned(t) // for 127.0.0.1, and for no name
	dir := room(t)
	write(t, dir, "cert.pem", cert)
	write(t, dir, "password", newSecret()+"\n")
	var requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	both, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{both}}
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)
	plain := listen(t, rebuff)
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "https://"), ":")
	_, plainPort, _ := strings.Cut(plain.address, ":")
	e := startExporter(t, "--config.file="+write(t, dir, "config.yml", `
auths:
  secured: {username: u, password_file: password, targets: ["https://localhost", "https://127.0.0.1"]}
modules:
  trusting: {collector: powerpulse, tls_config: {ca_file: cert.pem}}
probe: {ad_hoc_targets: [localhost]}
`))
	// The name is all that was checked.
	e.probe(t, "module=nut&target=localhost:"+plainPort)
	if n := plain.connections.Load(); n == 0 {
		t.Error("an allowed name was not connected to")
	}
	// In plain text it is another address.
	e.get(t, "/probe?module=powerpulse&auth=secured&target=localhost:"+plainPort).wantStatus(t, http.StatusForbidden)

	for query, says := range map[string]string{
		"module=powerpulse&target=https://127.0.0.1:": "certificate signed by unknown authority",
		"module=trusting&target=https://localhost:":   "certificate is not valid for any names, but wanted to match localhost",
	} {
		p := e.probe(t, "debug=true&auth=secured&"+query+port)
		p.wantText(t, says, "\nprobe_success 0\n")
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests reached a server that proved nothing", n)
	}
	e.probe(t, "module=trusting&auth=secured&target=https://127.0.0.1:"+port)
	if n := requests.Load(); n == 0 {
		t.Error("the right server was not asked")
	}
}

// TestPushesOverTLS shows that with a web configuration pushes are taken over
// TLS and in no other way.
func TestPushesOverTLS(t *testing.T) {
	t.Parallel()
	address, company := program.FreeAddress(t), newSecret()
	config := pushConfig(t, company)
	cert, key, trusting := selfSigned(t)
	dir := filepath.Dir(config)
	write(t, dir, "cert.pem", cert)
	write(t, dir, "key.pem", key)
	web := write(t, dir, "web.yml", "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n")
	e := startExporter(t, "--config.file="+config, "--push.listen-address="+address, "--push.config.file="+web)
	if status := pushTo(t, e.client, "http://"+address, company); status != http.StatusBadRequest {
		t.Errorf("in plain text: status %d", status)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting}}}
	t.Cleanup(client.CloseIdleConnections)
	for secret, want := range map[string]int{company: http.StatusOK, newSecret(): http.StatusUnauthorized} {
		if status := pushTo(t, client, "https://"+address, secret); status != want {
			t.Errorf("over TLS: status %d, want %d", status, want)
		}
	}
	e.metrics(t).want(t, map[string]string{`power_device_up{device="ups-01"}`: "1"})
}

// TestNothingIsSaidBeforeTLS has somebody on the way add an answer of their own
// before the encryption begins, where it could be taken for one that was
// encrypted.
func TestNothingIsSaidBeforeTLS(t *testing.T) {
	t.Parallel()
	cert, key, _ := selfSigned(t)
	both, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	_, behind := startNUTSim(t, nutsim.Options{Certificate: &both}, three...)
	way := listen(t, func(client net.Conn) {
		server, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", behind)
		if err != nil {
			t.Error(err)
			return
		}
		defer server.Close()
		answer := make([]byte, 100)
		n, _ := client.Read(answer)
		_, _ = server.Write(answer[:n])
		n, _ = server.Read(answer)
		_, _ = io.WriteString(client, string(answer[:n])+"BEGIN LIST UPS\nUPS invented \"\"\nEND LIST UPS\n")
		go func() { _, _ = io.Copy(server, client); _ = server.(*net.TCPConn).CloseWrite() }()
		_, _ = io.Copy(client, server)
	})
	dir := room(t)
	write(t, dir, "cert.pem", cert)
	e := startExporter(t, "--config.file="+write(t, dir, "config.yml", "modules: {nut: {tls_config: {ca_file: cert.pem}, nut: {starttls: on}}}\n"))
	if p := e.probe(t, "debug=true&module=nut&target="+way.address); strings.Contains(p.body, "invented") || !strings.Contains(p.body, "STARTTLS") {
		t.Errorf("what came before the encryption counts:\n%s", p.body)
	}
	e.probe(t, "module=nut&target="+behind).want(t, map[string]string{"probe_success": "1"})
}
