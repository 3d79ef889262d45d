package nutsim_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
)

// TestTranscripts holds conversations with a real upsd 2.8.0 against the
// simulated one, byte by byte. record_test.go makes the transcripts.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("transcripts: %v, %v", files, err)
	}
	for _, small := range []bool{false, true} {
		for _, file := range files {
			t.Run(fmt.Sprintf("%s small=%t", filepath.Base(file), small), func(t *testing.T) {
				server, address := nutsim.Start(t, nutsim.Options{
					Users:       map[string]string{"watcher": "watch me"},
					SmallWrites: small,
				}, recordedFleet(t)...)
				for _, c := range readTranscript(t, file) {
					replay(t, server, address, c)
				}
			})
		}
	}
}

// recordedFleet is what upsd_test.go makes a real upsd serve.
func recordedFleet(t *testing.T) []nutsim.UPS {
	t.Helper()
	names := append(nutsim.Devices(), "odd", "gone")
	fleet := make([]nutsim.UPS, 0, len(names))
	for _, name := range names {
		var u nutsim.UPS
		switch name {
		case "gone":
			u.State = nutsim.StateDisconnected
		case "odd":
			file, err := os.Open("testdata/odd.dev")
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if u, err = nutsim.ReadDevice(file); err != nil {
				t.Fatal(err)
			}
			// Every driver repeats these where the device does not have them.
			u.Variables["device.type"], u.Variables["device.mfr"], u.Variables["device.model"] = "ups", "Nobody", "Odd"
			u.Description = `A "quoted" \ one, #1`
		default:
			u = device(t, name)
			u.Description = "recorded " + name
		}
		u.Name = name
		asDummyUPS(&u)
		fleet = append(fleet, u)
	}
	return fleet
}

// asDummyUPS puts dummy-ups's own driver.* in the place of the file's.
func asDummyUPS(u *nutsim.UPS) {
	if u.State == nutsim.StateDisconnected {
		return
	}
	maps.DeleteFunc(u.Variables, func(name, _ string) bool { return strings.HasPrefix(name, "driver.") })
	maps.Copy(u.Variables, map[string]string{
		"driver.name":                   "dummy-ups",
		"driver.parameter.mode":         "dummy-once",
		"driver.parameter.pollinterval": "2",
		"driver.parameter.port":         u.Name + ".dev",
		"driver.parameter.synchronous":  "yes",
		"driver.version":                "2.8.0",
		"driver.version.internal":       "0.15",
	})
}

// device is a recorded device.
func device(t *testing.T, name string) nutsim.UPS {
	t.Helper()
	u, err := nutsim.Device(name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// A transcript is a file of connections with an empty line between them. A
// line "> " is one write of the client, quoted as in Go; "< " is a line of
// the answer; "<- " is an end of the answer without a newline; "=" says that
// the server closed.
type exchange struct {
	line   int
	write  string
	answer string
	closed bool
}

// readTranscript reads the connections of a transcript.
func readTranscript(t *testing.T, file string) [][]exchange {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]exchange
	fresh := true
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if line == "" {
			fresh = true
			continue
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		if write, ok := strings.CutPrefix(line, "> "); ok {
			unquoted, err := strconv.Unquote(write)
			if err != nil {
				t.Fatalf("%s:%d: %v", file, i+1, err)
			}
			if fresh {
				all, fresh = append(all, nil), false
			}
			all[len(all)-1] = append(all[len(all)-1], exchange{line: i + 1, write: unquoted})
			continue
		}
		if fresh {
			t.Fatalf("%s:%d: an answer to nothing", file, i+1)
		}
		last := &all[len(all)-1][len(all[len(all)-1])-1]
		switch {
		case strings.HasPrefix(line, "< "):
			last.answer += line[2:] + "\n"
		case strings.HasPrefix(line, "<- "):
			last.answer += line[3:]
		case line == "=":
			last.closed = true
		default:
			t.Fatalf("%s:%d: %q", file, i+1, line)
		}
	}
	return all
}

// replay has one recorded conversation with the simulated server.
func replay(t *testing.T, server *nutsim.Server, address string, conversation []exchange) {
	t.Helper()
	conn := dial(t, address)
	defer conn.Close()
	before := server.Stats().BytesIn
	for _, e := range conversation {
		send(t, conn, e.write)
		before += int64(len(e.write))
		got := make([]byte, len(e.answer))
		n, err := io.ReadFull(conn, got)
		if diff := cmp.Diff(e.answer, string(got[:n])); diff != "" {
			t.Fatalf("line %d: %q: %v (-upsd +nutsim):\n%s", e.line, e.write, err, diff)
		}
		if e.closed {
			if n, err := conn.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
				t.Fatalf("line %d: %q: not closed: %d bytes, %v", e.line, e.write, n, err)
			}
			return
		}
		// Where there is no answer, the next write must not be read together
		// with this one.
		eventually(t, func() bool { return server.Stats().BytesIn >= before })
	}
	if rest := finish(t, conn); rest != "" {
		t.Fatalf("line %d: answers too many: %q", conversation[0].line, rest)
	}
}

// dial connects to a server for five seconds at most.
func dial(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn.(*net.TCPConn)
}

// send writes text at once.
func send(t *testing.T, conn io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// finish says that nothing more comes and gives what the server still answers
// before it closes.
func finish(t *testing.T, conn *net.TCPConn) string {
	t.Helper()
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(conn)
	if err != nil {
		t.Fatalf("after %q: %v", rest, err)
	}
	return string(rest)
}

// eventually waits until done says so.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("waited too long")
		}
	}
}
