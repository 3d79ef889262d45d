package soak

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/e2e/secrets"
)

// step is how often the readings of the simulated devices change.
const step = 2 * time.Second

// site is all the equipment that is simulated, and what its devices share.
type site struct {
	t           *testing.T
	dir         string // of the configuration
	secret      string // opens every device
	certificate *tls.Certificate
	away        string // URL of a server that the exporter must never go to
	gone        atomic.Int64
	cloud       *cloud
	devices     []*device

	ctx    context.Context // ends the lives of the devices
	living sync.WaitGroup
}

// newSite makes a site with so many targets of all kinds.
func newSite(t *testing.T, dir string, r *rand.Rand, size int) *site {
	t.Helper()
	s := &site{t: t, dir: dir, secret: secrets.New()}
	s.certificate, _ = simtest.Certificate(t)
	s.write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate.Certificate[0]})))
	s.write("secret", s.secret+"\n")
	away := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { s.gone.Add(1) }))
	t.Cleanup(away.Close)
	s.away = away.URL
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	s.ctx = ctx
	t.Cleanup(s.living.Wait)
	t.Cleanup(stop)

	names := mix(r, size)
	s.cloud = newCloud(s, names)
	makers := makers()
	for i, name := range names {
		d := makers[name](s, i)
		d.kind, d.role, d.alone = name, roles[i%len(roles)], i%3 != 0
		s.devices = append(s.devices, d)
	}
	return s
}

// write writes a file of the configuration. It appears at once and whole.
func (s *site) write(name, text string) {
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		s.t.Error(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		s.t.Error(err)
	}
}

// serve serves a device until the test ends. Wrap, if there is one, is what it
// listens through.
func (s *site) serve(server simtest.Server, wrap func(net.Listener) net.Listener) (address string) {
	s.t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(s.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	address = l.Addr().String()
	if wrap != nil {
		l = wrap(l)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	s.t.Cleanup(func() {
		if err := server.Close(); err != nil {
			s.t.Errorf("closing %T: %v", server, err)
		}
		if err := <-served; err != nil {
			s.t.Errorf("serving %T: %v", server, err)
		}
	})
	return address
}

// live lets something change in steps until the test ends.
func (s *site) live(run func(context.Context, time.Duration)) {
	s.living.Go(func() { run(s.ctx, step) })
}
