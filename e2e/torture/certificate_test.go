package torture

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
	"testing"
	"time"
)

// expired is until when the certificate that has expired was good.
var expired = time.Date(2026, time.January, 31, 12, 0, 0, 0, time.UTC)

// certificates are those of devices.
type certificates struct {
	authority string // in PEM, for the exporter
	good      tls.Certificate
	expired   tls.Certificate
	wrongName tls.Certificate
	unknown   tls.Certificate // of an authority that the exporter does not know
}

// newCertificates makes them.
func newCertificates(t *testing.T) *certificates {
	t.Helper()
	home, key := authority(t, "Authority of the tests")
	stranger, strangeKey := authority(t, "Another authority")
	var text bytes.Buffer
	if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: home.Raw}); err != nil {
		t.Fatal(err)
	}
	name := func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }
	return &certificates{
		authority: text.String(),
		good:      leaf(t, home, key, name),
		expired: leaf(t, home, key, func(c *x509.Certificate) {
			name(c)
			c.NotBefore, c.NotAfter = expired.AddDate(-1, 0, 0), expired
		}),
		wrongName: leaf(t, home, key, func(c *x509.Certificate) { c.DNSNames = []string{"other.example.net"} }),
		unknown:   leaf(t, stranger, strangeKey, name),
	}
}

// authority is one that signs certificates.
func authority(t *testing.T, name string) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	template := certificate(name)
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	raw, key := sign(t, template, template, nil)
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return made, key
}

// leaf is a certificate of a device.
func leaf(t *testing.T, issuer *x509.Certificate, by *ecdsa.PrivateKey, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	template := certificate("device")
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	change(template)
	raw, key := sign(t, template, issuer, by)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

// certificate is what all have in common.
func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
	}
}

// sign makes a key and signs its certificate, with itself if by is nil.
func sign(t *testing.T, template, issuer *x509.Certificate, by *ecdsa.PrivateKey) ([]byte, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if by == nil {
		by = key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, issuer, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	return raw, key
}
