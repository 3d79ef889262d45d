package nut

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
)

// certificate returns a certificate for example.com and 127.0.0.1, and the
// authorities that a client has to trust for it.
func certificate(tb testing.TB) (tls.Certificate, *x509.CertPool) {
	tb.Helper()
	server := httptest.NewTLSServer(nil)
	tb.Cleanup(server.Close)
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	return server.TLS.Certificates[0], trusted
}

func TestStartTLS(t *testing.T) {
	certificate, trusted := certificate(t)
	options := nutsim.Options{Certificate: &certificate, Users: map[string]string{"monitor": "secret"}, RequireLogin: true}
	server, address := nutsim.Start(t, options, unit("a"), unit("b"))
	for _, c := range []struct {
		name    string
		trusted *x509.CertPool
		host    string
		err     string
	}{
		{"trusted", trusted, "example.com", ""},
		{"by address", trusted, "127.0.0.1", ""},
		{"wrong name", trusted, "ups.example.net", "STARTTLS: TLS handshake: tls: failed to verify certificate: x509: certificate is valid for example.com"},
		{"unknown authority", x509.NewCertPool(), "example.com", "certificate signed by unknown authority"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := server.Stats()
			devices, err := collect(t, Options{Address: address, Username: "monitor", Password: "secret", TLS: &tls.Config{RootCAs: c.trusted, ServerName: c.host}})
			if c.err == "" {
				wantErrors(t, err)
				if up := idsOf(devices, true); up != "a b" {
					t.Errorf("up are %q, want a b", up)
				}
				return
			}
			wantErrors(t, err, c.err)
			if sent := server.Stats().Commands["USERNAME"] - before.Commands["USERNAME"]; sent > 0 {
				t.Error("a server with a wrong certificate was told the user name")
			}
		})
	}
}

// TestNoPlainTextInsteadOfTLS shows that a server, or whoever sits before it,
// that cannot do TLS is not given the password in plain text.
func TestNoPlainTextInsteadOfTLS(t *testing.T) {
	for _, c := range []struct{ name, answer, err string }{
		{"not configured", "ERR FEATURE-NOT-CONFIGURED\n", "STARTTLS: ERR FEATURE-NOT-CONFIGURED: the server has no certificate"},
		{"not supported", "ERR FEATURE-NOT-SUPPORTED\n", "STARTTLS: ERR FEATURE-NOT-SUPPORTED: the server was built without STARTTLS"},
		{"yes, but plain text", "OK STARTTLS\nOK\nOK\nBEGIN LIST UPS\nEND LIST UPS\n", "STARTTLS: TLS handshake: "},
		{"no answer", "", "STARTTLS: no answer in time"},
		{"yes, and no answer", "OK STARTTLS\n", "STARTTLS: TLS handshake: no answer in time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sent := make(chan string, 1)
			address := serve(t, func(c2 net.Conn) {
				_, _ = io.WriteString(c2, c.answer)
				all, _ := io.ReadAll(c2)
				sent <- string(all)
			})
			_, err := collect(t, Options{Address: address, Username: "monitor", Password: "secret", TLS: &tls.Config{ServerName: "example.com"}})
			wantErrors(t, err, c.err)
			if all := <-sent; strings.Contains(all, "monitor") || strings.Contains(all, "secret") {
				t.Errorf("sent %q in plain text", all)
			}
		})
	}
}
