package cloudtraxsim_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
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
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Certificate: own}, cloudtraxsim.Manual())
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool}}}
	send := func() (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+list, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = request{path: list}.header()
		return client.Do(r)
	}
	resp, err := send()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || string(body) != compact(t, "list.json") {
		t.Errorf("%s, %v", body, err)
	}
	cloud.SetFault(list, simfault.Fault{Reset: true})
	if resp, err := send(); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
}

func TestServeAfterClose(t *testing.T) {
	t.Parallel()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Manual())
	if err := cloud.Close(); err != nil {
		t.Error(err)
	}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := cloud.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is open")
	}
}

// Serve says what became of a listener that failed.
func TestServeFails(t *testing.T) {
	t.Parallel()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Manual())
	defer cloud.Close()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := cloud.Serve(l); !errors.Is(err, net.ErrClosed) {
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
	_, url := cloudtraxsim.Start(f, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	if a := get(t, url, list); a.status != http.StatusOK {
		t.Errorf("%d", a.status)
	}
	for _, c := range f.cleanups {
		c()
	}
	if _, err := do(t, url, request{path: list}); err == nil || len(f.failed) > 0 {
		t.Errorf("%v, %v", err, f.failed)
	}
}
