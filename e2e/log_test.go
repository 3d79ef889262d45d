package e2e

import (
	"encoding/json"
	"net"
	"regexp"
	"strings"
	"testing"

	"power_exporter/e2e/program"
)

// talkative starts an exporter and has it log at every level that it has.
func talkative(t *testing.T, args ...string) *exporter {
	t.Helper()
	config := write(t, room(t), "config.yml", "modules:\n  nut: {}\n")
	e := startExporter(t, append([]string{"--config.file=" + config, "--web.enable-lifecycle", "--log.level=debug"}, args...)...)
	e.probe(t, "module=nut&target="+listen(t, mirror).address)
	e.probe(t, "module=nut&target="+listen(t, func(c net.Conn) {
		_, _ = c.Write([]byte("\x00\xff\"\\ =\t\r\n"))
		rebuff(c)
	}).address)
	return e
}

// logfmt is a line of it.
var logfmt = regexp.MustCompile(`^[a-z0-9_]+=("([^"\\]|\\.)*"|[^\s"=]*)( [a-z0-9_]+=("([^"\\]|\\.)*"|[^\s"=]*))*$`)

// TestLogfmt shows that every line of the log is logfmt.
func TestLogfmt(t *testing.T) {
	t.Parallel()
	e := talkative(t)
	e.Stop(t)
	for line := range strings.Lines(e.Stderr()) {
		line = strings.TrimSuffix(line, "\n")
		if !logfmt.MatchString(line) {
			t.Errorf("not logfmt: %s", line)
		}
		for _, key := range []string{"level=", " caller=", " time=", " msg="} {
			if !strings.Contains(line, key) {
				t.Errorf("no%s in %s", key, line)
			}
		}
	}
}

// TestLogJSON shows that every line of the log is JSON if that is wanted.
func TestLogJSON(t *testing.T) {
	t.Parallel()
	e := talkative(t, "--log.format=json")
	e.Stop(t)
	for line := range strings.Lines(e.Stderr()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Errorf("not JSON: %v: %s", err, line)
			continue
		}
		for _, key := range []string{"level", "caller", "time", "msg"} {
			if text, ok := fields[key].(string); !ok || text == "" {
				t.Errorf("no %s in %s", key, line)
			}
		}
	}
}

// TestLogLevel shows that what is below the level is not logged.
func TestLogLevel(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := once(t, "--log.level=error", "--module=nut", "--target="+program.FreeAddress(t))
	if code != 1 || stderr != "" {
		t.Errorf("exit code %d, standard output %s, standard error %s", code, stdout, stderr)
	}
}
