package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"power_exporter/cmd/powersim/nutsim"
)

// selfSigned is a certificate for 127.0.0.1, its key, and who trusts it.
func selfSigned(t *testing.T) (cert, key string, trusting *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "power_exporter of a test"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	rawKey, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	inPEM := func(kind string, data []byte) string {
		var text bytes.Buffer
		if err := pem.Encode(&text, &pem.Block{Type: kind, Bytes: data}); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	cert = inPEM("CERTIFICATE", raw)
	trusting = x509.NewCertPool()
	trusting.AppendCertsFromPEM([]byte(cert))
	return cert, inPEM("PRIVATE KEY", rawKey), trusting
}

// TestTLSAndBasicAuth shows that the web configuration covers every page.
func TestTLSAndBasicAuth(t *testing.T) {
	t.Parallel()
	_, target := startNUTSim(t, nutsim.Options{}, three...)
	dir := room(t)
	cert, key, trusting := selfSigned(t)
	write(t, dir, "cert.pem", cert)
	write(t, dir, "key.pem", key)
	password := newSecret()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	web := write(t, dir, "web.yml", `
tls_server_config: {cert_file: cert.pem, key_file: key.pem}
basic_auth_users: {prometheus: '`+string(hash)+`'}
`)
	e := startExporter(t, "--web.config.file="+web, "--web.enable-lifecycle")

	p := e.get(t, "/metrics")
	p.wantStatus(t, http.StatusBadRequest)
	p.wantText(t, "HTTP request to an HTTPS server")

	e.url = "https://" + e.address
	e.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting}}}
	t.Cleanup(e.client.CloseIdleConnections)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/", http.StatusOK},
		{http.MethodGet, "/metrics", http.StatusOK},
		{http.MethodGet, "/probe?module=nut&target=" + target, http.StatusOK},
		{http.MethodGet, "/config", http.StatusOK},
		{http.MethodGet, "/-/healthy", http.StatusOK},
		{http.MethodGet, "/debug/pprof/cmdline", http.StatusOK},
		{http.MethodPost, "/-/reload", http.StatusOK},
	} {
		for _, try := range []struct {
			name, password string
			status         int
		}{
			{"", "", http.StatusUnauthorized},
			{"prometheus", newSecret(), http.StatusUnauthorized},
			{"nosuch", password, http.StatusUnauthorized},
			{"prometheus", password, c.status},
		} {
			request := &http.Request{Header: http.Header{}}
			if try.name != "" {
				request.SetBasicAuth(try.name, try.password)
			}
			p, err := e.fetch(t.Context(), c.method, c.path, request.Header)
			if err != nil {
				t.Fatal(err)
			}
			if p.status != try.status {
				t.Errorf("%s %s as %q: status %d, want %d", c.method, c.path, try.name, p.status, try.status)
			}
		}
	}
}
