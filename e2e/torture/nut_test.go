package torture

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
)

// upsd is a NUT server that forwards what it is asked to a simulated one, line
// by line, and fails where it is told to.
type upsd struct {
	*port
	behind string // address of the simulated one
	cert   tls.Certificate

	mu    sync.Mutex
	fault *nutFault
}

// nutFault is a fault of a NUT server.
type nutFault struct {
	fault
	stage  string
	at     string               // the beginning of the line at which it happens
	answer func(*session) error // instead of the answer; nil for none
}

// session is one client of a upsd.
type session struct {
	*upsd
	client net.Conn
	lines  *bufio.Reader // of the client
	server net.Conn
	said   *bufio.Reader // of the server
	asked  string        // the present line
}

// newUPSD serves until the test ends.
func newUPSD(t *testing.T, cert tls.Certificate) *upsd {
	t.Helper()
	var units []nutsim.UPS
	for _, name := range []string{"homelab", "rack3ph"} {
		unit, err := nutsim.Device(name)
		if err != nil {
			t.Fatal(err)
		}
		units = append(units, unit)
	}
	_, behind := nutsim.Start(t, nutsim.Options{Users: map[string]string{"u": secret}}, units...)
	u := &upsd{port: newPort(t), behind: behind, cert: cert}
	served := make(chan struct{})
	go func() {
		defer close(served)
		for {
			c, err := u.Accept()
			if err != nil {
				return
			}
			u.meets.Go(func() {
				defer c.Close()
				_ = u.serve(c) // a client that left, or one that was thrown out
			})
		}
	}()
	t.Cleanup(func() {
		u.well(t)
		u.mu.Lock()
		u.fault = nil
		u.mu.Unlock()
		_ = u.Close()
		u.hangUp()
		<-served
	})
	return u
}

// begin has answers fail from now on; nil ends that.
func (u *upsd) begin(f *nutFault) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.fault = f
}

// serve answers one client.
func (u *upsd) serve(c net.Conn) error {
	server, err := net.Dial("tcp", u.behind) //nolint:noctx // it is on this machine, and ends with the test
	if err != nil {
		return err
	}
	defer server.Close()
	s := &session{upsd: u, client: c, lines: bufio.NewReader(c), server: server, said: bufio.NewReader(server)}
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return err
		}
		s.asked = strings.TrimSuffix(line, "\n")
		u.mu.Lock()
		f := u.fault
		u.mu.Unlock()
		answer := (*session).well
		switch {
		case f != nil && f.answer != nil && strings.HasPrefix(line, f.at):
			answer = f.answer
		case s.asked == "STARTTLS":
			answer = func(s *session) error { return s.secure(u.cert) }
		}
		if err := answer(s); err != nil {
			return err
		}
	}
}

// right is the answer of the server behind.
func (s *session) right() (string, error) {
	if _, err := io.WriteString(s.server, s.asked+"\n"); err != nil {
		return "", err
	}
	var text strings.Builder
	for {
		line, err := s.said.ReadString('\n')
		text.WriteString(line)
		if err != nil || !strings.HasPrefix(text.String(), "BEGIN ") || strings.HasPrefix(line, "END ") {
			return text.String(), err
		}
	}
}

// well answers as it should be.
func (s *session) well() error {
	text, err := s.right()
	if err != nil {
		return err
	}
	return s.say(text)
}

// say answers with a text.
func (s *session) say(text string) error {
	_, err := io.WriteString(s.client, text)
	return err
}

// secure starts TLS.
func (s *session) secure(cert tls.Certificate) error {
	if err := s.say("OK STARTTLS\n"); err != nil {
		return err
	}
	secured := tls.Server(s.client, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}})
	if err := secured.HandshakeContext(context.Background()); err != nil {
		return err
	}
	s.client, s.lines = secured, bufio.NewReader(secured)
	return nil
}
