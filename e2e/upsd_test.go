package e2e

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"power_exporter/e2e/program"
)

// devices is where the simulator's devices are, which upsd serves as well.
const devices = "../cmd/powersim/nutsim/devices"

// maxAge is how many seconds a driver may be silent until upsd calls it stale.
// A dummy-ups answers once a second.
const maxAge = 4

// upsd is a real NUT server with real drivers.
type upsd struct {
	*program.Program
	address string // host:port
	dir     string
	drivers map[string]*program.Program // by UPS
}

// ups is one UPS of a upsd.
type ups struct{ name, description string }

// startUPSD starts a upsd with a dummy-ups for each of the UPSes, whose names
// are those of device files, and waits until it has heard of all of them.
func startUPSD(t *testing.T, units ...ups) *upsd {
	t.Helper()
	u := &upsd{dir: room(t), drivers: map[string]*program.Program{}}
	var list strings.Builder
	for _, unit := range units {
		text, err := os.ReadFile(filepath.Join(devices, unit.name+".dev"))
		if err != nil {
			t.Fatal(err)
		}
		write(t, u.dir, unit.name+".dev", string(text))
		fmt.Fprintf(&list, "[%s]\n\tdriver = dummy-ups\n\tport = %s.dev\n\tpollinterval = 1\n", unit.name, unit.name)
		if unit.description != "" {
			fmt.Fprintf(&list, "\tdesc = %q\n", unit.description)
		}
	}
	// A dummy-ups that does not wait for a slow upsd cuts it off, and dies of it.
	write(t, u.dir, "ups.conf", "synchronous = yes\n"+list.String())
	write(t, u.dir, "upsd.users", "")
	for _, unit := range units {
		u.startDriver(t, unit.name)
	}
	u.startServer(t)
	for _, unit := range units {
		u.says(t, unit.name, "OL")
	}
	return u
}

// startDriver starts the driver of a UPS.
func (u *upsd) startDriver(t *testing.T, name string) {
	t.Helper()
	u.drivers[name] = program.Start(t, "dummy-ups", u.env, tool(t, "dummy-ups"), "-F", "-u", me(t), "-a", name)
	program.Eventually(t, "the driver's socket", func() error {
		_, err := os.Stat(filepath.Join(u.dir, "dummy-ups-"+name))
		return err
	})
}

// startServer starts the server itself, on the port it had before if it had one.
func (u *upsd) startServer(t *testing.T) {
	t.Helper()
	program.Eventually(t, "a upsd that listens", func() error {
		again := u.address != ""
		if !again {
			u.address = program.FreeAddress(t)
		}
		host, port, _ := net.SplitHostPort(u.address)
		write(t, u.dir, "upsd.conf", fmt.Sprintf("MAXAGE %d\nLISTEN %s %s\n", maxAge, host, port))
		u.Program = program.Start(t, "upsd", u.env, tool(t, "upsd"), "-F", "-u", me(t))
		err := u.listens(t)
		if err != nil && !again {
			u.address = "" // somebody was faster
		}
		return err
	})
}

// listens waits until the server does, or has given up.
func (u *upsd) listens(t *testing.T) (err error) {
	t.Helper()
	program.Eventually(t, "upsd listens", func() error {
		if u.HasEnded() {
			err = fmt.Errorf("upsd ended with code %d", u.Code())
			return nil
		}
		// Its port might be somebody else's, so trying it would show nothing.
		if !strings.Contains(u.Stdout()+u.Stderr(), "\nlistening on ") {
			return errors.New("it does not say so")
		}
		return nil
	})
	return err
}

// env is where NUT's programs find each other, instead of in /etc and /run.
func (u *upsd) env(c *exec.Cmd) {
	program.Environment("NUT_CONFPATH="+u.dir, "NUT_STATEPATH="+u.dir, "NUT_ALTPIDPATH="+u.dir)(c)
}

// says waits until the server says so of a UPS: "Error: Data stale", "Error:
// Driver not connected", or its ups.status. It is asked by NUT's own client, so
// that the exporter has seen nothing yet.
func (u *upsd) says(t *testing.T, name, words string) {
	t.Helper()
	program.Eventually(t, fmt.Sprintf("upsd says %q of %s", words, name), func() error {
		if u.HasEnded() {
			t.Fatal("upsd has ended")
		}
		ctx, cancel := context.WithTimeout(t.Context(), program.Patience)
		defer cancel()
		said, err := exec.CommandContext(ctx, tool(t, "upsc"), name+"@"+u.address, "ups.status").CombinedOutput()
		if !strings.Contains("\n"+string(said), "\n"+words+"\n") {
			return fmt.Errorf("it says %q, %w", said, err)
		}
		return nil
	})
}

// freeze stops the driver of a UPS without ending it, as if it hung.
func (u *upsd) freeze(t *testing.T, name string) {
	t.Helper()
	u.drivers[name].Signal(t, syscall.SIGSTOP)
}

// thaw lets the driver of a UPS go on.
func (u *upsd) thaw(t *testing.T, name string) {
	t.Helper()
	u.drivers[name].Signal(t, syscall.SIGCONT)
}

// me is the name of the user who runs the tests.
func me(t *testing.T) string {
	t.Helper()
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return who.Username
}
