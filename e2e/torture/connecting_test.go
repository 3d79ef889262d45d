package torture

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"testing"
)

// nowhere is a name that cannot be one of a host (no part of those begins with a
// hyphen), so that it is unknown wherever the tests run, and nobody is asked.
const nowhere = "device.-name.example.net"

// connecting is the faults before there is any request.
func connecting() []fault {
	return []fault{
		{
			name: "name unknown", unknown: true,
			means:   "The name has no address. Look for a typing error, and at the DNS server of the exporter's machine.",
			says:    `lookup device: no such host`,
			address: func(*device) string { return "http://" + nowhere },
		},
		{
			name:  "refused",
			means: "The machine answers, and nothing listens on the port: the service is down, the port is another one, or a firewall rejects.",
			says:  `connection refused`,
			begin: func(t *testing.T, d *device, _ *certificates) { t.Helper(); d.refuse(t) },
		},
		{
			name: "unanswered", slow: true,
			means: "Nobody answers at the address: the device is off, the address is another one's, or a firewall drops.",
			says:  `no whole answer within the time of the probe|i/o timeout|no answer in time`,
			begin: func(t *testing.T, d *device, _ *certificates) { t.Helper(); d.ignore(t) },
		},
		{
			name:  "closed on accept",
			means: "The device has no place for another connection, or something between closes it.",
			says:  `EOF|closed the connection|connection reset`,
			begin: func(_ *testing.T, d *device, _ *certificates) { d.fail(finish) },
		},
		{
			name: "reset on accept", chance: true,
			means: "The same, with force.",
			says:  `connection reset`,
			begin: func(_ *testing.T, d *device, _ *certificates) { d.fail(reset) },
		},
		{
			name: "kept connection reset", keep: true, fine: true,
			means: "The device has restarted, or a firewall has forgotten the connection, between two probes. The exporter connects anew, and nobody notices.",
			begin: func(_ *testing.T, d *device, _ *certificates) { d.resetAll() },
		},
		{
			name:  "TLS where plain text is expected",
			means: "The address begins with `http://`, or has no scheme, and the device wants `https://`.",
			says:  `malformed HTTP response|HTTPS`,
			begin: func(_ *testing.T, d *device, _ *certificates) {
				d.fail(func(c net.Conn) {
					// What is no beginning of a handshake gets the alert
					// unexpected_message.
					_, _ = bufio.NewReader(c).ReadByte()
					_, _ = c.Write([]byte{21, 3, 3, 0, 2, 2, 10})
					finish(c)
				})
			},
		},
		{
			name: "plain text where TLS is expected", secure: true,
			means: "The address begins with `https://`, and nothing there speaks TLS.",
			says:  `HTTP response to HTTPS client`,
			begin: func(_ *testing.T, d *device, _ *certificates) {
				d.fail(func(c net.Conn) {
					_, _ = c.Read(make([]byte, 1024))
					_, _ = io.WriteString(c, head("400 Bad Request", 0))
					finish(c)
				})
			},
		},
		{
			name: "certificate expired", secure: true,
			means: "The device's certificate is no longer valid, or the clock of the exporter's machine is wrong.",
			says:  `certificate has expired`,
			begin: func(_ *testing.T, d *device, all *certificates) { d.show(&all.expired) },
		},
		{
			name: "certificate for another name", secure: true,
			means: "The certificate is not for the address by which the device is asked. Use that name, or set `server_name`.",
			says:  `certificate`,
			begin: func(_ *testing.T, d *device, all *certificates) { d.show(&all.wrongName) },
		},
		{
			name: "issuer unknown", secure: true,
			means: "Nobody whom the exporter trusts has signed the certificate. Set `ca_file`.",
			says:  `certificate signed by unknown authority`,
			begin: func(_ *testing.T, d *device, all *certificates) { d.show(&all.unknown) },
		},
		{
			name: "TLS handshake without an end", secure: true, slow: true,
			means: "The device accepts the connection and does not answer: it hangs, or is overloaded.",
			says:  `no whole answer within the time of the probe`,
			begin: func(_ *testing.T, d *device, _ *certificates) {
				d.fail(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
			},
		},
		{
			name: "reset within the TLS handshake", secure: true,
			means: "The device, or something between, does not like the handshake: often one side only has TLS versions that the other refuses. See `min_version`.",
			says:  `connection reset`,
			begin: func(_ *testing.T, d *device, _ *certificates) {
				d.fail(func(c net.Conn) {
					_, _ = c.Read(make([]byte, 5))
					reset(c)
				})
			},
		},
		{
			name: "TLS too old", secure: true,
			means: "The device has no TLS version that the exporter accepts. Set `min_version`, if the way to the device is safe.",
			says:  `protocol version`,
			begin: func(_ *testing.T, d *device, all *certificates) {
				d.fail(func(c net.Conn) {
					old := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{all.good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
					_, _ = io.Copy(io.Discard, old)
				})
			},
		},
	}
}
