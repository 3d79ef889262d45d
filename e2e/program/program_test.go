package program

import (
	"strings"
	"syscall"
	"testing"
)

func TestStop(t *testing.T) {
	t.Parallel()
	p := startAs(t, "polite")
	if p.HasEnded() {
		t.Error("it has ended by itself")
	}
	if err := syscall.Kill(p.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	p.Stop(t)
	p.Stop(t)
	p.Signal(t, syscall.SIGTERM)
	if !p.HasEnded() || p.Code() != 3 || p.Stdout() != "ready\n" || p.Stderr() != "goodbye\n" {
		t.Errorf("it ended: %v, with %d, and wrote %q and %q", p.HasEnded(), p.Code(), p.Stdout(), p.Stderr())
	}
}

// TestStopsTheDeaf kills a program that does not end when it is told to.
func TestStopsTheDeaf(t *testing.T) {
	t.Parallel()
	p := startAs(t, "deaf")
	if err := p.stop(1); err == nil || err.Error() != "deaf did not end within 1ns of SIGTERM" {
		t.Error(err)
	}
	if !p.HasEnded() || p.Code() != -1 {
		t.Errorf("it ended: %v, with %d", p.HasEnded(), p.Code())
	}
}

func TestKill(t *testing.T) {
	t.Parallel()
	p := startAs(t, "polite")
	p.Kill(t)
	p.Wait(t)
	if p.Code() != -1 || p.Stderr() != "" {
		t.Errorf("it ended with %d, and wrote %q", p.Code(), p.Stderr())
	}
}

func TestStartsNothing(t *testing.T) {
	t.Parallel()
	p := newProgram(t.Context(), "nothing", "/does/not/exist")
	const want = "starting nothing: fork/exec /does/not/exist: no such file or directory"
	if err := p.start(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	<-p.ended
}

// TestEndsWithItsTest looks at a program whose test is over.
func TestEndsWithItsTest(t *testing.T) {
	var p *Program
	judged := false
	t.Run("test", func(t *testing.T) {
		p = startAs(t, "polite")
		p.Judge = func(*testing.T) { judged = p.HasEnded() && p.Stderr() == "goodbye\n" }
	})
	if !judged {
		t.Error("nobody judged it at its end")
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("INHERITED", "from the tests")
	prepare := Environment("GREETING=hello", "GORACE=halt_on_error=1")
	p := Start(t, "a shell", prepare, "sh", "-c", `echo "$INHERITED, $GREETING, $GORACE"`)
	p.Wait(t)
	if want := "from the tests, hello, halt_on_error=1\n"; p.Stdout() != want {
		t.Errorf("it is told %q, want %q", p.Stdout(), want)
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	whole := strings.Repeat("x", shownBytes)
	if got := end(whole); got != whole {
		t.Errorf("%d bytes are shown of %d", len(got), len(whole))
	}
	if got := end("y" + whole); got != "[...]"+whole {
		t.Errorf("%d bytes are shown, which begin with %.10q", len(got), got)
	}
}
