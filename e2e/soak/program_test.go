package soak

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

// stopTime is how long the exporter may take to end once it was told to.
const stopTime = 30 * time.Second

// program is the exporter's process.
type program struct {
	cmd   *exec.Cmd
	log   record
	ended chan struct{} // closed when it has ended
}

// start starts the exporter. It is killed when the test ends, unless it has
// ended before.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{ended: make(chan struct{})}
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), binary, args...)
	// The race detector would wait for a second at the end.
	p.cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	p.cmd.SysProcAttr = endsWithUs()
	started := make(chan error, 1)
	go func() {
		defer close(p.ended)
		// It dies with the thread that started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // code knows
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("starting the exporter: %v", err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it may have ended
		<-p.ended
	})
	return p
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

// stop tells it to end, and gives its exit code; -1 if a signal ended it.
func (p *program) stop(t *testing.T) int {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(stopTime):
		t.Fatalf("the exporter did not end within %s of SIGTERM", stopTime)
	}
	return p.cmd.ProcessState.ExitCode()
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
