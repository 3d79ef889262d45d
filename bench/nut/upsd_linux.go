package main

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

const (
	port  = 3493
	count = 5 // UPSes
)

// upsd is a running NUT server.
type upsd struct {
	addr      string
	names     []string
	variables int    // of all UPSes together
	version   string // as upsd writes it

	dir    string
	cancel context.CancelFunc
	cmds   []*exec.Cmd
	log    *os.File // what all of them say
}

// startUPSD starts upsd with its UPSes at the server's side of the link and
// waits until it can answer for all of them.
func startUPSD(ctx context.Context, link *wire.Link, nut string) (*upsd, error) {
	dir, err := os.MkdirTemp("", "nut")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	u := &upsd{
		addr:   netip.AddrPortFrom(link.ServerAddr(), port).String(),
		dir:    dir,
		cancel: cancel,
	}
	if err := u.start(ctx, link, nut); err != nil {
		return nil, errors.Join(err, u.said(), u.stop())
	}
	return u, nil
}

// start writes the configuration and starts the commands.
func (u *upsd) start(ctx context.Context, link *wire.Link, nut string) error {
	names, err := writeConfig(u.dir, link.ServerAddr())
	if err != nil {
		return err
	}
	u.names = names
	u.log, err = os.Create(filepath.Join(u.dir, "log"))
	if err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, filepath.Join(nut, "upsd"), "-V").Output() //nolint:gosec // the flag says which
	if err != nil {
		return fmt.Errorf("asking upsd for its version (Debian package nut-server): %w", err)
	}
	u.version = string(bytes.TrimSpace(version))
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
func (u *upsd) run(ctx context.Context, link *wire.Link, name string, args ...string) error {
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
func (u *upsd) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		err := u.countVariables(ctx)
		if want := len(u.names) * strings.Count(device, "\n"); err == nil && u.variables < want {
			err = fmt.Errorf("%d variables, want at least %d", u.variables, want)
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
func (u *upsd) countVariables(ctx context.Context) error {
	c, err := dial(ctx, u.addr, false)
	if err != nil {
		return err
	}
	u.variables = 0
	err = c.list(func(line string) {
		if strings.HasPrefix(line, "VAR ") {
			u.variables++
		}
	}, variables(u.names)...)
	return errors.Join(err, c.conn.Close())
}

// said is what the commands have written, as an error that explains another.
func (u *upsd) said() error {
	text, err := os.ReadFile(filepath.Join(u.dir, "log"))
	if err != nil {
		return nil //nolint:nilerr // it was not reached
	}
	return fmt.Errorf("upsd and its drivers said:\n%s", bytes.TrimSpace(text))
}

// stop ends the commands and removes their files.
func (u *upsd) stop() error {
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
