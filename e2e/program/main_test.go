package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

// roleKey is the variable that makes the program of these tests play one of the
// roles instead of running the tests.
const roleKey = "PROGRAM_TEST_ROLE"

// roles are the programs that these tests start. Each gives its exit code.
var roles = map[string]func() int{
	// polite says goodbye when it is told to end.
	"polite": func() int {
		told := make(chan os.Signal, 1)
		signal.Notify(told, syscall.SIGTERM)
		fmt.Fprintln(os.Stdout, "ready")
		<-told
		fmt.Fprintln(os.Stderr, "goodbye")
		return 3
	},
	// deaf ends only when it is killed.
	"deaf": func() int {
		signal.Ignore(syscall.SIGTERM)
		fmt.Fprintln(os.Stdout, "ready")
		select {}
	},
	// parent starts a deaf one, which gets the parent's first further file, and
	// waits for its own end.
	"parent": func() int {
		child := newProgram(context.Background(), "child", os.Args[0])
		as("deaf")(child.cmd)
		child.cmd.ExtraFiles = []*os.File{os.NewFile(3, "held")}
		err := errors.Join(child.start(), Retry(child.ready))
		fmt.Fprintln(os.Stdout, "ready")
		<-child.ended
		fmt.Fprintln(os.Stderr, "the child has ended", err)
		return 1
	},
}

// TestMain plays a role, or runs the tests and looks for goroutines that are
// left.
func TestMain(m *testing.M) {
	if play := roles[os.Getenv(roleKey)]; play != nil {
		os.Exit(play())
	}
	goleak.VerifyTestMain(m)
}

// as is a preparation that gives the program of these tests a role.
func as(role string) func(*exec.Cmd) { return Environment(roleKey + "=" + role) }

// ready says whether a program that plays a role can be told something.
func (p *Program) ready() error {
	if p.Stdout() != "ready\n" {
		return fmt.Errorf("it is not ready: %q", p.Stdout()+p.Stderr())
	}
	return nil
}

// startAs starts a program in a role.
func startAs(t *testing.T, role string) *Program {
	t.Helper()
	p := Start(t, role, as(role), os.Args[0])
	Eventually(t, role+" is ready", p.ready)
	return p
}
