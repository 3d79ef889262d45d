// Package program builds and starts the programs that end-to-end tests look at,
// and waits for what they do.
package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"power_exporter/e2e/secrets"
)

const (
	// stopTime is how long a program may take to end once it was told to.
	stopTime = 30 * time.Second
	// shownBytes is how much of its output is shown when a test fails.
	shownBytes = 64 << 10
)

// Program is a program that was started for a test, and ends with it.
type Program struct {
	// Judge looks at what is left of the program when its test ends; nil for
	// nothing. It is called when the program has ended, and before its output is
	// shown.
	Judge func(t *testing.T)

	name   string
	cmd    *exec.Cmd
	stdout Record
	stderr Record
	ended  chan struct{} // closed when it has ended
}

// Start starts a program, which prepare may change before if it is not nil. The
// name is what messages call it. When the test ends the program is stopped and
// waited for, as by Stop, and must not have written a secret. If the test has
// failed, the end of what it wrote is shown.
//
// On Linux it is killed, too, when the tests end without stopping it, as they do
// when they run out of time.
func Start(t *testing.T, name string, prepare func(*exec.Cmd), path string, args ...string) *Program {
	t.Helper()
	// A test's own context ends before its cleanups, which want to stop the
	// program in an orderly manner.
	p := newProgram(context.WithoutCancel(t.Context()), name, path, args...)
	if prepare != nil {
		prepare(p.cmd)
	}
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Stop(t)
		if p.Judge != nil {
			p.Judge(t)
		}
		secrets.Absent(t, "the standard output of "+name, p.Stdout())
		secrets.Absent(t, "the standard error of "+name, p.Stderr())
		if t.Failed() {
			t.Logf("%q wrote:\n%s%s", p.cmd.Args, end(p.Stdout()), end(p.Stderr()))
		}
	})
	return p
}

// Environment is a preparation that adds variables, as "name=value", to the
// environment of a program, which otherwise is that of the tests.
func Environment(variables ...string) func(*exec.Cmd) {
	return func(c *exec.Cmd) { c.Env = append(c.Env, variables...) }
}

// newProgram is a program that is not started yet.
func newProgram(ctx context.Context, name, path string, args ...string) *Program {
	p := &Program{name: name, ended: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, path, args...) //nolint:gosec // tests choose what they start
	// The race detector would wait for a second at the end, in case that other
	// goroutines have races.
	p.cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.cmd.SysProcAttr = endsWithUs()
	p.cmd.WaitDelay = stopTime
	return p
}

// start starts it.
func (p *Program) start() error {
	started := make(chan error)
	go func() {
		defer close(p.ended)
		// A program that is to die with us dies with the thread that started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // Code knows
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("starting %s: %w", p.name, err)
	}
	return nil
}

// PID is the number of its process.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Stdout is what it has written to its standard output so far.
func (p *Program) Stdout() string { return p.stdout.String() }

// Stderr is what it has written to its standard error so far.
func (p *Program) Stderr() string { return p.stderr.String() }

// HasEnded says whether it has.
func (p *Program) HasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Code is the exit code of a program that has ended; -1 if a signal ended it.
func (p *Program) Code() int { return p.cmd.ProcessState.ExitCode() }

// Wait waits for the program's own end. It ends the test if that takes longer
// than Patience.
func (p *Program) Wait(t *testing.T) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(Patience):
		t.Fatalf("%s did not end within %s", p.name, Patience)
	}
}

// Signal sends it a signal, unless it has ended.
func (p *Program) Signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.signal(s); err != nil {
		t.Error(err)
	}
}

// signal is Signal with an error.
func (p *Program) signal(s os.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("%v to %s: %w", s, p.name, err)
	}
	return nil
}

// Stop tells it to end by SIGTERM, and waits until it has. It is killed, and the
// test fails, if that takes longer than 30 s.
func (p *Program) Stop(t *testing.T) {
	t.Helper()
	if err := p.stop(stopTime); err != nil {
		t.Error(err)
	}
}

// stop is Stop with an error and another time.
func (p *Program) stop(within time.Duration) error {
	if p.HasEnded() {
		return nil
	}
	// One that is frozen would never know.
	err := errors.Join(p.signal(syscall.SIGTERM), p.signal(syscall.SIGCONT))
	select {
	case <-p.ended:
		return err
	case <-time.After(within):
		return errors.Join(err, fmt.Errorf("%s did not end within %s of SIGTERM", p.name, within), p.kill())
	}
}

// Kill ends it without asking, and waits until it has ended.
func (p *Program) Kill(t *testing.T) {
	t.Helper()
	if err := p.kill(); err != nil {
		t.Error(err)
	}
}

// kill is Kill with an error.
func (p *Program) kill() error {
	err := p.signal(os.Kill)
	<-p.ended
	return err
}

// end is what is shown of a text.
func end(text string) string {
	if len(text) <= shownBytes {
		return text
	}
	return "[...]" + text[len(text)-shownBytes:]
}
