package torture

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

const (
	// stopTime is how long a program may take to end once it was told to.
	stopTime = 20 * time.Second
	// patience is how long anything may take that is not about time: a slow
	// machine with other tests on it is no failure.
	patience = time.Minute
)

// program is a program that was started for a test, and ends with it.
type program struct {
	cmd    *exec.Cmd
	stdout record
	stderr record
	ended  chan struct{} // closed when it has ended
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

// start starts a program, changed by prepare if that is not nil.
func start(t *testing.T, prepare func(*exec.Cmd), path string, args ...string) *program {
	t.Helper()
	// A test's own context ends before its cleanups, which want to stop the
	// program in an orderly manner.
	ctx := context.WithoutCancel(t.Context())
	p := &program{ended: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, path, args...)
	// The race detector would wait for a second at the end.
	p.cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.cmd.SysProcAttr = endsWithUs()
	p.cmd.WaitDelay = stopTime
	if prepare != nil {
		prepare(p.cmd)
	}
	started := make(chan error)
	starter() <- func() { started <- p.cmd.Start() }
	if err := <-started; err != nil {
		t.Fatalf("starting %s: %v", path, err)
	}
	go func() {
		_ = p.cmd.Wait() // code knows
		close(p.ended)
	}()
	t.Cleanup(func() { p.stop(t) })
	return p
}

// wait waits for the program's own end.
func (p *program) wait(t *testing.T) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatalf("%s did not end within %s", p.cmd.Path, patience)
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

// stop tells it to end and waits until it has.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if p.hasEnded() {
		return
	}
	p.signal(t, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopTime):
		t.Errorf("%s did not end within %s of SIGTERM", p.cmd.Path, stopTime)
		p.signal(t, os.Kill)
		<-p.ended
	}
}

// signal sends it a signal.
func (p *program) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("%v to %s: %v", s, p.cmd.Path, err)
	}
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

// eventually tries until there is no error any more.
func eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s: %v", what, patience, err)
		}
		<-tick.C
	}
}
