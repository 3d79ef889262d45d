package upsd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"power_exporter/bench/wire"
)

// Count is how many UPSes the server has.
const Count = 5

const port = 3493

// Server is a running NUT server.
type Server struct {
	Addr      string   // host:port
	Names     []string // of the UPSes
	Variables int      // of all UPSes together
	Version   string   // as upsd writes it

	dir    string
	cancel context.CancelFunc
	cmds   []*exec.Cmd
	log    *os.File // what all of them say
}

// Start starts upsd with its UPSes at the server's side of the link and waits
// until it can answer for all of them; nut is the folder of upsd and dummy-ups.
func Start(ctx context.Context, link *wire.Link, nut string) (*Server, error) {
	dir, err := os.MkdirTemp("", "nut")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	u := &Server{
		Addr:   netip.AddrPortFrom(link.ServerAddr(), port).String(),
		dir:    dir,
		cancel: cancel,
	}
	if err := u.start(ctx, link, nut); err != nil {
		return nil, errors.Join(err, u.said(), u.Stop())
	}
	return u, nil
}

// start writes the configuration and starts the commands.
func (u *Server) start(ctx context.Context, link *wire.Link, nut string) error {
	names, err := writeConfig(u.dir, link.ServerAddr())
	if err != nil {
		return err
	}
	u.Names = names
	u.log, err = os.Create(filepath.Join(u.dir, "log"))
	if err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, filepath.Join(nut, "upsd"), "-V").Output() //nolint:gosec // the flag says which
	if err != nil {
		return fmt.Errorf("asking upsd for its version (Debian package nut-server): %w", err)
	}
	u.Version = string(bytes.TrimSpace(version))
	for _, name := range names {
		if err := u.run(ctx, link, filepath.Join(nut, "dummy-ups"), "-F", "-u", "root", "-a", name); err != nil {
			return err
		}
	}
	if err := u.run(ctx, link, filepath.Join(nut, "upsd"), "-F", "-u", "root"); err != nil {
		return err
	}
	return u.ready(ctx)
}

// run starts a command in the server's namespace.
func (u *Server) run(ctx context.Context, link *wire.Link, name string, args ...string) error {
	cmd := link.Command(ctx, wire.Server, name, args...)
	cmd.Env = append(os.Environ(), "NUT_CONFPATH="+u.dir, "NUT_STATEPATH="+u.dir, "NUT_ALTPIDPATH="+u.dir)
	cmd.Stdout, cmd.Stderr = u.log, u.log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	u.cmds = append(u.cmds, cmd)
	return nil
}

// ready waits until all UPSes answer with all that their files hold, which
// upsd learns from the drivers bit by bit.
func (u *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		err := u.countVariables(ctx)
		if want := len(u.Names) * strings.Count(device, "\n"); err == nil && u.Variables < want {
			err = fmt.Errorf("%d variables, want at least %d", u.Variables, want)
		}
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("upsd does not answer for all UPSes: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// countVariables reads all UPSes once.
func (u *Server) countVariables(ctx context.Context) error {
	c, err := Dial(ctx, u.Addr, false)
	if err != nil {
		return err
	}
	u.Variables = 0
	err = c.List(func(line string) {
		if strings.HasPrefix(line, "VAR ") {
			u.Variables++
		}
	}, Variables(u.Names)...)
	return errors.Join(err, c.Close())
}

// said is what the commands have written, as an error that explains another.
func (u *Server) said() error {
	text, err := os.ReadFile(filepath.Join(u.dir, "log"))
	if err != nil {
		return nil //nolint:nilerr // it was not reached
	}
	return fmt.Errorf("upsd and its drivers said:\n%s", bytes.TrimSpace(text))
}

// Stop ends the commands and removes their files.
func (u *Server) Stop() error {
	u.cancel()
	for _, cmd := range u.cmds {
		// Killed, as it was meant to be.
		_ = cmd.Wait()
	}
	var err error
	if u.log != nil {
		err = u.log.Close()
	}
	return errors.Join(err, os.RemoveAll(u.dir))
}
