package synlinksim_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"power_exporter/cmd/powersim/synlinksim"
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
	own, pool := certificate(t)
	options := onlyTicks()
	options.Certificate = own
	pdu, url := recorded(t, options, "single8")
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool}}}
	resp, err := client.Post(url+"/login", "application/json", strings.NewReader(`{"username":"admin","password":"admin"}`)) //nolint:noctx // it is on loopback
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	conn, _, err := websocket.Dial(t.Context(), "wss"+strings.TrimPrefix(url, "https")+"/ws", &websocket.DialOptions{HTTPClient: client}) //nolint:bodyclose // Dial says not to
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }() // the PDU may be first
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"cookie":"SPID=`+resp.Header.Get("Token")+`"}`)); err != nil {
		t.Fatal(err)
	}
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == 1 })
	pdu.Tick()
	if _, message, err := read(t, conn); err != nil || message == "" {
		t.Error(err)
	}
	pdu.SetFault("/api/device", synlinksim.Fault{Reset: true})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/device", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := client.Do(r); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
}

func TestServeAfterClose(t *testing.T) {
	pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("single8"))
	if err := pdu.Close(); err != nil {
		t.Error(err)
	}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := pdu.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is open")
	}
}

// Serve says what became of a listener that failed.
func TestServeFails(t *testing.T) {
	pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("single8"))
	defer pdu.Close()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := pdu.Serve(l); !errors.Is(err, net.ErrClosed) {
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
	f := &failures{TB: t}
	_, url := synlinksim.Start(f, synlinksim.Options{}, synlinksim.MustRecorded("single8"))
	if a := get(t, url+"/api/device"); a.status != http.StatusOK {
		t.Errorf("%d", a.status)
	}
	for _, c := range f.cleanups {
		c()
	}
	if _, err := do(t, http.MethodGet, url+"/api/device", ""); err == nil || len(f.failed) > 0 {
		t.Errorf("%v, %v", err, f.failed)
	}
}
