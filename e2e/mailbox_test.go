package e2e

import (
	"errors"
	"io"
	"net"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"power_exporter/e2e/program"
)

// mailbox is a mail server that keeps what it is given by somebody who can log
// in.
type mailbox struct {
	program.Record
	address            string
	username, password string
}

// startMailbox starts a mailbox on a free port.
func startMailbox(t *testing.T, username, password string) *mailbox {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{address: listener.Addr().String(), username: username, password: password}
	server := smtp.NewServer(m)
	server.AllowInsecureAuth = true
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return m
}

// NewSession implements smtp.Backend.
func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{mailbox: m}, nil }

// delivery is one connection to a mailbox.
type delivery struct {
	mailbox *mailbox
	known   bool // whoever delivers has logged in
}

// AuthMechanisms implements smtp.AuthSession.
func (*delivery) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (d *delivery) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if d.known = username == d.mailbox.username && password == d.mailbox.password; !d.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (d *delivery) Mail(string, *smtp.MailOptions) error {
	if !d.known {
		return smtp.ErrAuthRequired
	}
	return nil
}

// Rcpt implements smtp.Session.
func (*delivery) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data implements smtp.Session.
func (d *delivery) Data(r io.Reader) error {
	_, err := io.Copy(&d.mailbox.Record, r)
	return err
}

// Reset implements smtp.Session.
func (*delivery) Reset() {}

// Logout implements smtp.Session.
func (*delivery) Logout() error { return nil }
