package nut

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"power_exporter/collector"
	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a reading may take that never gets an answer.
const patience = 150 * time.Millisecond

// collect makes one reading of a server by a new collector.
func collect(tb testing.TB, o Options) ([]power.Device, error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	return New(o, collector.NewGate(1)).Collect(ctx)
}

// TestFaults is what becomes of a reading when the server misbehaves: which
// UPSes are up, which are down, and the sentence that says why.
func TestFaults(t *testing.T) {
	t.Parallel()
	const (
		names = "BEGIN LIST UPS\nUPS a \"A\"\nUPS b \"B\"\nEND LIST UPS\n"
		a     = "BEGIN LIST VAR a\nVAR a ups.status \"OL\"\nEND LIST VAR a\n"
		b     = "BEGIN LIST VAR b\nVAR b ups.status \"OL\"\nEND LIST VAR b\n"
	)
	reset := func(c net.Conn) {
		heard(c)
		_ = c.(*net.TCPConn).SetLinger(0)
	}
	for _, c := range []struct {
		name   string
		talk   func(net.Conn)
		up     string
		down   string
		errors []string // in this order; "" in the whole error means none
	}{
		{
			name: "all is well", talk: say(names + a + b),
			up: "a b",
		},
		{
			name: "silent", talk: sayAndWait(""),
			errors: []string{"LIST UPS: no answer in time"},
		},
		{
			name: "silent before it has heard anything", talk: func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
			errors: []string{"LIST UPS: no answer in time"},
		},
		{
			name: "hangs up at once", talk: func(net.Conn) {},
			errors: []string{"LIST UPS: "},
		},
		{
			name: "resets", talk: reset,
			errors: []string{"LIST UPS: ", "connection reset"},
		},
		{
			name: "hangs up within the names", talk: say("BEGIN LIST UPS\nUPS a \"A\"\nUPS"),
			down:   "a",
			errors: []string{"LIST UPS: the server closed the connection"},
		},
		{
			name: "hangs within the second UPS", talk: sayAndWait(names + a + "BEGIN LIST VAR b\nVAR b ups.status \"OL\"\n"),
			up: "a", down: "b",
			errors: []string{"LIST VAR b: no answer in time"},
		},
		{
			name: "hangs up within the second UPS", talk: say(names + a + "BEGIN LIST VAR b\nVAR b ups.sta"),
			up: "a", down: "b",
			errors: []string{"LIST VAR b: the server closed the connection"},
		},
		{
			name: "stale", talk: say(names + a + "ERR DATA-STALE\n"),
			up: "a", down: "b",
		},
		{
			name: "stale first", talk: say(names + "ERR DATA-STALE\n" + b),
			up: "b", down: "a",
		},
		{
			name: "driver gone", talk: say(names + "ERR DRIVER-NOT-CONNECTED\n" + b),
			up: "b", down: "a",
		},
		{
			name: "driver starting", talk: say(names + "BEGIN LIST VAR a\nVAR a ups.status \"WAIT\"\nEND LIST VAR a\n" + b),
			up: "b", down: "a",
		},
		{
			name: "one UPS refused", talk: say(names + "ERR ACCESS-DENIED\n" + b),
			up: "b", down: "a",
			errors: []string{"LIST VAR a: ERR ACCESS-DENIED: the server does not let this client read"},
		},
		{
			name: "a UPS that is gone since", talk: say(names + "ERR UNKNOWN-UPS\n" + b),
			up: "b", down: "a",
			errors: []string{"LIST VAR a: ERR UNKNOWN-UPS: the server has no UPS of this name"},
		},
		{
			name: "a code of its own", talk: say(names + "ERR OUT-OF-COFFEE with words\n" + b),
			up: "b", down: "a",
			errors: []string{"LIST VAR a: ERR OUT-OF-COFFEE"},
		},
		{
			name: "names refused", talk: say("ERR ACCESS-DENIED\n"),
			errors: []string{"LIST UPS: ERR ACCESS-DENIED: the server does not let this client read"},
		},
		{
			name: "no UPS at all", talk: say("BEGIN LIST UPS\nEND LIST UPS\n"),
		},
		{
			name: "line ends of another world", talk: say(strings.ReplaceAll(names+a+b, "\n", "\r\n")),
			up: "a b",
		},
		{
			name: "a line that makes no sense", talk: say(names + "BEGIN LIST VAR a\nVAR a broken\nVAR a x \"open\nVAR a ups.status \"OL\"\nEND LIST VAR a\n" + b),
			up: "a b",
		},
		{
			name: "HTTP", talk: say("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>"),
			errors: []string{`LIST UPS: not the NUT protocol: expected "BEGIN LIST UPS", got "HTTP/1.1 400 Bad Request"`},
		},
		{
			name: "SSH", talk: say("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
			errors: []string{`LIST UPS: not the NUT protocol: expected "BEGIN LIST UPS", got "SSH-2.0-OpenSSH_9.2p1 Debian-2"`},
		},
		{
			name: "empty lines", talk: say("\n\n\n"),
			errors: []string{`LIST UPS: not the NUT protocol: expected "BEGIN LIST UPS", got ""`},
		},
		{
			name: "the answer to another question", talk: say(names + b + a),
			down:   "a b",
			errors: []string{`LIST VAR a: not the NUT protocol: expected "BEGIN LIST VAR a", got "BEGIN LIST VAR b"`},
		},
		{
			name: "a variable of another UPS", talk: say(names + "BEGIN LIST VAR a\nVAR b ups.status \"OL\"\nEND LIST VAR a\n" + b),
			down:   "a b",
			errors: []string{`LIST VAR a: not the NUT protocol: expected "VAR a", got "VAR b ups.status OL"`},
		},
		{
			name: "binary", talk: say("\x00\xff\xfe\x01\n"),
			errors: []string{`LIST UPS: not the NUT protocol: expected "BEGIN LIST UPS", got "\x00\xff\xfe\x01"`},
		},
		{
			name: "a line without end", talk: say("BEGIN LIST UPS\nUPS a \"" + strings.Repeat("x", maxLine)),
			errors: []string{"LIST UPS: a line of the answer is longer than 64 KiB"},
		},
		{
			name: "a list without end", talk: func(c net.Conn) {
				heard(c)
				block := strings.Repeat("VAR a x \"1\"\n", 10_000)
				_, err := io.WriteString(c, names+"BEGIN LIST VAR a\n")
				for err == nil {
					_, err = io.WriteString(c, block)
				}
			},
			down:   "a b",
			errors: []string{"LIST VAR a: "}, // too long or too late, whichever comes first
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address := serve(t, c.talk)
			devices, err := collect(t, Options{Address: address})
			if got := idsOf(devices, true); got != c.up {
				t.Errorf("up are %q, want %q", got, c.up)
			}
			if got := idsOf(devices, false); got != c.down {
				t.Errorf("down are %q, want %q", got, c.down)
			}
			wantErrors(t, err, c.errors...)
			if err != nil && !strings.HasPrefix(err.Error(), "NUT server "+address+": ") {
				t.Errorf("error %q does not name the server", err)
			}
		})
	}
}

// idsOf lists the devices that are up, or those that are not.
func idsOf(devices []power.Device, up bool) string {
	var ids []string
	for i := range devices {
		if devices[i].Up == up {
			ids = append(ids, devices[i].ID)
		}
	}
	return strings.Join(ids, " ")
}

// wantErrors checks that the error says all of the parts, and is nil if there
// are none.
func wantErrors(tb testing.TB, err error, parts ...string) {
	tb.Helper()
	if len(parts) == 0 {
		if err != nil {
			tb.Errorf("error %v, want none", err)
		}
		return
	}
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			tb.Errorf("error is %v, want one that says %q", err, part)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	devices, err := collect(t, Options{Address: address})
	if len(devices) > 0 {
		t.Errorf("%d devices, want none", len(devices))
	}
	wantErrors(t, err, "NUT server "+address+": ", "connection refused")
}

// TestTrickle shows that a server which sends a byte now and then cannot keep a
// reading beyond its deadline, and loses the others nothing that came in full.
func TestTrickle(t *testing.T) {
	whole := "BEGIN LIST UPS\nUPS a \"\"\nUPS b \"\"\nEND LIST UPS\nBEGIN LIST VAR a\nVAR a ups.status \"OL\"\nEND LIST VAR a\n"
	address := serve(t, func(c net.Conn) {
		heard(c)
		_, err := io.WriteString(c, whole)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for ; err == nil; <-tick.C {
			_, err = io.WriteString(c, "B")
		}
	})
	devices, err := collect(t, Options{Address: address})
	if got := idsOf(devices, true); got != "a" {
		t.Errorf("up are %q, want a", got)
	}
	wantErrors(t, err, "LIST VAR b: no answer in time")
}

// TestCancel shows that a reading ends when nobody wants it any more, and not
// only at its deadline.
func TestCancel(t *testing.T) {
	heardIt := make(chan struct{})
	address := serve(t, func(c net.Conn) {
		heard(c)
		close(heardIt)
		_, _ = io.Copy(io.Discard, c)
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	go func() {
		<-heardIt
		cancel()
	}()
	_, err := New(Options{Address: address}, collector.NewGate(1)).Collect(ctx)
	wantErrors(t, err, "LIST UPS: no answer in time")
}

// TestLogin checks what is sent, and that a server's refusal of it is told
// without what was refused.
func TestLogin(t *testing.T) {
	sent := make(chan string, 1)
	answer := func(text string) func(net.Conn) {
		return func(c net.Conn) {
			buffer := make([]byte, 4096)
			n, _ := c.Read(buffer)
			sent <- string(buffer[:n])
			_, _ = io.WriteString(c, text)
		}
	}
	const password = `pa "ss\ #word`
	for _, c := range []struct{ name, answer, err string }{
		{"accepted", "OK\nOK\nBEGIN LIST UPS\nEND LIST UPS\n", ""},
		{"name refused", "ERR INVALID-USERNAME\nERR USERNAME-REQUIRED\nERR ACCESS-DENIED\n", "USERNAME: ERR INVALID-USERNAME"},
		{"password refused", "OK\nERR INVALID-PASSWORD\nERR ACCESS-DENIED\n", "PASSWORD: ERR INVALID-PASSWORD"},
		{"an echo", "WHAT " + password + "\n", `USERNAME: line "WHAT <secret>": unterminated quote`},
		{"half an echo", "WHAT \"" + escape(password) + "\n", `USERNAME: line "WHAT \"<secret>": unterminated quote`},
		{"another echo", "OK\nOK\nPASSWORD " + quote(password) + "\n", `LIST UPS: not the NUT protocol: expected "BEGIN LIST UPS", got "PASSWORD <secret>"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := collect(t, Options{Address: serve(t, answer(c.answer)), Username: "monitor", Password: password})
			want := "USERNAME monitor\nPASSWORD \"pa \\\"ss\\\\ \\#word\"\nLIST UPS\n"
			if diff := cmp.Diff(want, <-sent); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			if c.err == "" {
				wantErrors(t, err)
			} else {
				wantErrors(t, err, c.err)
			}
		})
	}
}

// TestNoDeadlockOnLongConversations shows that a server which stops reading
// until its answers are taken does not block us both: the commands and the
// answers are far larger than what the kernel holds.
func TestNoDeadlockOnLongConversations(t *testing.T) {
	const many = 2_000
	var only []string
	for i := range many {
		only = append(only, fmt.Sprintf("ups%d", i))
	}
	padding := strings.Repeat("x", 2_000)
	address := serve(t, func(c net.Conn) {
		_ = c.(*net.TCPConn).SetReadBuffer(1 << 10)
		// Each answer is written before the next command is read.
		lines := newLines(c)
		for line, ok := lines(); ok; line, ok = lines() {
			var err error
			if name, ok := strings.CutPrefix(line, "LIST VAR "); ok {
				_, err = fmt.Fprintf(c, "BEGIN LIST VAR %s\nVAR %s ups.mfr \"%s\"\nEND LIST VAR %s\n", name, name, padding, name)
			} else {
				_, err = fmt.Fprintf(c, "UPSDESC %s \"%s\"\n", strings.TrimPrefix(line, "GET UPSDESC "), padding)
			}
			if err != nil {
				return
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	devices, err := New(Options{Address: address, UPS: only}, collector.NewGate(1)).Collect(ctx)
	wantErrors(t, err)
	if len(devices) != many {
		t.Errorf("%d devices, want %d", len(devices), many)
	}
}

func TestServerErrorIsFound(t *testing.T) {
	_, err := collect(t, Options{Address: serve(t, say("ERR ACCESS-DENIED\n"))})
	refused, ok := errors.AsType[*ServerError](err)
	if !ok || refused.Code != "ACCESS-DENIED" {
		t.Errorf("error %v holds no ACCESS-DENIED", err)
	}
}
