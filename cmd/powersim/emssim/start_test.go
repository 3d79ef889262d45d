package emssim_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
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
	ems, url := emssim.Start(t, emssim.Options{Certificate: own}, emssim.MustRecorded("manual"))
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool}}}
	ems.SetFault("/v1/sn", simfault.Fault{Reset: true})
	for path, want := range map[string]int{"/ver": 200, "/v1/mac": 401, "/v1/sn": 0} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		status := 0
		if resp, err := client.Do(r); err == nil {
			status = resp.StatusCode
			resp.Body.Close()
		}
		if status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

func TestServeAfterClose(t *testing.T) {
	t.Parallel()
	ems := emssim.New(emssim.Options{}, emssim.MustRecorded("manual"))
	if err := ems.Close(); err != nil {
		t.Error(err)
	}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := ems.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is open")
	}
}

// Serve says what became of a listener that failed.
func TestServeFails(t *testing.T) {
	t.Parallel()
	ems := emssim.New(emssim.Options{}, emssim.MustRecorded("manual"))
	defer ems.Close()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := ems.Serve(l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// What is logged has no secret.
func TestLog(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	ems, url := emssim.Start(t, emssim.Options{Logger: slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))}, emssim.MustRecorded("manual"))
	token := logIn(t, url)
	ask(t, http.MethodGet, url+"/v1/devices?uids=1", "", "Authorization", "Bearer "+token)
	if err := ems.Close(); err != nil {
		t.Fatal(err)
	}
	log := text.String()
	if strings.Count(log, "\n") != 2 || !strings.Contains(log, "method=GET path=/v1/devices remote=127.0.0.1:") || strings.Contains(log, token) || strings.Contains(log, "s3cret!") {
		t.Error(log)
	}
}

// Wait says what the counts were when nobody would wait longer.
func TestWait(t *testing.T) {
	t.Parallel()
	ems := emssim.New(emssim.Options{}, emssim.MustRecorded("manual"))
	defer ems.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ems.Wait(ctx, func(s emssim.Stats) bool { return s.Logins > 0 }); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "Logins:0") {
		t.Error(err)
	}
}
