package e2e

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// stopTime is how long a program may take to end once it was told to.
const stopTime = 20 * time.Second

// program is a program that was started for a test, and ends with it.
type program struct {
	name   string
	cmd    *exec.Cmd
	stdout record
	stderr record
	ended  chan struct{} // closed when it has ended
	// judge looks at what is left of it when the test ends; nil for nothing.
	judge func(t *testing.T)
}

// start starts a program. When the test ends it is stopped and waited for, and
// if the test has failed, what it wrote is shown.
func start(t *testing.T, name string, env []string, path string, args ...string) *program {
	t.Helper()
	// A test's own context ends before its cleanups, which want to stop the
	// program in an orderly manner.
	ctx := context.WithoutCancel(t.Context())
	p := &program{name: name, ended: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, path, args...)
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.cmd.SysProcAttr = endsWithUs()
	p.cmd.WaitDelay = stopTime
	if err := onStarter(p.cmd.Start); err != nil {
		t.Fatalf("starting %s: %v", name, err)
	}
	go func() {
		_ = p.cmd.Wait() // code knows
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.stop(t)
		if p.judge != nil {
			p.judge(t)
		}
		if name == "power_exporter" {
			noSecret(t, "what the exporter wrote", p.stdout.String()+p.stderr.String())
		}
		if t.Failed() {
			t.Logf("%s %s wrote:\n%s%s", p.name, strings.Join(args, " "), p.stdout.String(), p.stderr.String())
		}
	})
	return p
}

// wait waits for the program's own end.
func (p *program) wait(t *testing.T) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatalf("%s did not end within %s", p.name, patience)
	}
}

// hasEnded says whether it has.
func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// code is the exit code of a program that has ended; -1 if a signal ended it.
func (p *program) code() int { return p.cmd.ProcessState.ExitCode() }

// signal sends it a signal.
func (p *program) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("%v to %s: %v", s, p.name, err)
	}
}

// stop tells it to end and waits until it has.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if p.hasEnded() {
		return
	}
	p.signal(t, syscall.SIGTERM)
	p.signal(t, syscall.SIGCONT) // one that is frozen would never know
	select {
	case <-p.ended:
	case <-time.After(stopTime):
		t.Errorf("%s did not end within %s of SIGTERM", p.name, stopTime)
		p.kill(t)
	}
}

// kill ends it without asking.
func (p *program) kill(t *testing.T) {
	t.Helper()
	p.signal(t, os.Kill)
	<-p.ended
}

// starter runs functions one after the other on a thread that never ends: a
// program that is to die with us dies with the thread that started it.
var starter = sync.OnceValue(func() chan<- func() {
	jobs := make(chan func())
	go func() {
		runtime.LockOSThread()
		for job := range jobs {
			job()
		}
	}()
	return jobs
})

// onStarter calls the function on the starter's thread.
func onStarter(f func() error) error {
	done := make(chan error)
	starter() <- func() { done <- f() }
	return <-done
}

// record is text that is written by one goroutine and read by another.
type record struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

// String is what was written so far.
func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}
