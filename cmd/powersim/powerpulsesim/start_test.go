package powerpulsesim_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
)

// certificate is one for 127.0.0.1, and a pool that trusts it.
func certificate(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestTLS(t *testing.T) {
	t.Parallel()
	own, pool := certificate(t)
	server, url := recorded(t, powerpulsesim.Options{Certificate: own}, "manual")
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool}}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+kiosk, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(resp.Body); err != nil || string(text) != "["+document+"]" {
		t.Errorf("%s, %v", text, err)
	}
	resp.Body.Close()
	server.SetFault(kiosk, simfault.Fault{Reset: true})
	if resp, err := client.Do(r); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
}

// The log has each request, and no secret.
func TestLog(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	log := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, url := powerpulsesim.Start(t, powerpulsesim.Options{Logger: log}, powerpulsesim.MustRecorded("empty"))
	token := logIn(t, url)
	get(t, url+systems, token)
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	got := text.String()
	if !strings.Contains(got, "method=POST path="+login) || !strings.Contains(got, "method=GET path="+systems) {
		t.Error(got)
	}
	if strings.Contains(got, token) || strings.Contains(got, powerpulsesim.AdminPassword) {
		t.Error("a secret is in the log")
	}
}

func TestServeAfterClose(t *testing.T) {
	t.Parallel()
	server := powerpulsesim.New(powerpulsesim.Options{}, powerpulsesim.MustRecorded("empty"))
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is open")
	}
}

// Serve says what became of a listener that failed.
func TestServeFails(t *testing.T) {
	t.Parallel()
	server := made(t, "empty")
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := server.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// failures is a test that may fail without failing this one.
type failures struct {
	testing.TB
	cleanups []func()
	failed   []string
}

// Cleanup keeps it for later.
func (f *failures) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }

// Errorf keeps the format.
func (f *failures) Errorf(format string, _ ...any) { f.failed = append(f.failed, format) }

func TestStartCleansUp(t *testing.T) {
	t.Parallel()
	f := &failures{TB: t}
	_, url := powerpulsesim.Start(f, powerpulsesim.Options{}, powerpulsesim.MustRecorded("empty"))
	if a := get(t, url+kiosk, ""); a.status != http.StatusOK || a.body != "[]" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, c := range f.cleanups {
		c()
	}
	if _, err := do(t, http.MethodGet, url+kiosk, ""); err == nil || len(f.failed) > 0 {
		t.Errorf("%v, %v", err, f.failed)
	}
}
