package e2e

import (
	"strings"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
	"power_exporter/internal/golden"
)

// once makes one probe from the command line.
func once(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return run(t, append([]string{"--once"}, args...)...)
}

// TestOnce shows that one probe from the command line exports what one over
// HTTP does, and that scripts can tell how it went.
func TestOnce(t *testing.T) {
	t.Parallel()
	server, address := startNUTSim(t, nutsim.Options{}, three...)
	if err := server.SetState("stale", nutsim.StateStale); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := once(t, "--module=nut", "--target="+address)
	if code != 0 || stderr != "" {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	golden.Text(t, threeMetrics, stable(stdout))

	stdout, _, code = once(t, "--module=nut", "--target="+address, "--param=ups=epdu")
	if code != 0 || !strings.Contains(stdout, `power_device_up{device="epdu"} 1`) || strings.Contains(stdout, "rack3ph") {
		t.Errorf("ups=epdu: exit code %d and\n%s", code, stdout)
	}

	stdout, _, code = once(t, "--module=nut", "--target="+address, "--debug")
	if code != 0 || !strings.Contains(stdout, "Requests:\n") || !strings.Contains(stdout, "\nprobe_success 1\n") {
		t.Errorf("with --debug: exit code %d and\n%s", code, stdout)
	}

	config := write(t, room(t), "config.yml", "targets:\n  - {name: rack, address: \""+address+"\", module: nut}\n")
	stdout, stderr, code = once(t, "--config.file="+config, "--target=rack")
	if code != 0 || !strings.Contains(stdout, "\nprobe_success 1\n") {
		t.Errorf("a named target: exit code %d and\n%s%s", code, stdout, stderr)
	}
}

// TestOnceFails shows that a probe from the command line that fails says why,
// and still prints what there is.
func TestOnceFails(t *testing.T) {
	t.Parallel()
	dead := program.FreeAddress(t)
	stdout, stderr, code := once(t, "--module=nut", "--target="+dead)
	if code != 1 || !strings.Contains(stdout, "\nprobe_success 0\n") || !strings.Contains(stderr, "dial tcp "+dead+": connect: connection refused") {
		t.Errorf("nobody there: exit code %d, standard output\n%sstandard error\n%s", code, stdout, stderr)
	}
	lint(t, stdout)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--module=nut"}, "power_exporter: the probe was not made: --target is missing: add --target= with"},
		{[]string{"--target=" + dead}, "--module is missing"},
		{[]string{"--target=" + dead, "--module=nut", "--param=upss=a"}, `unknown parameter "upss"`},
	} {
		stdout, stderr, code := once(t, c.args...)
		if code != 1 || stdout != "" || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: exit code %d, standard output %q, standard error %q", c.args, code, stdout, stderr)
		}
	}
}
