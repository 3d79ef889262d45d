package synlink

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"power_exporter/power"
)

// firmware is a PDU with nothing but sessions and a stream, which is particular
// about how it is greeted.
type firmware struct {
	takes  func(hello, session string) bool
	silent bool // says nothing where another refuses

	mu      sync.Mutex
	logIns  int
	hellos  []string
	streams []context.CancelFunc
}

// ServeHTTP implements [http.Handler].
func (f *firmware) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/login":
		f.mu.Lock()
		defer f.mu.Unlock()
		f.logIns++
		w.Header().Set("Token", "session"+strconv.Itoa(f.logIns))
	case "/ws":
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		f.stream(context.WithoutCancel(r.Context()), conn)
		_ = conn.CloseNow() // it may have ended before
	default:
		_, _ = io.WriteString(w, "[]")
	}
}

// stream answers a greeting.
func (f *firmware) stream(ctx context.Context, conn *websocket.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_, hello, err := conn.Read(ctx)
	if err != nil {
		return
	}
	f.mu.Lock()
	f.hellos = append(f.hellos, string(hello))
	f.streams = append(f.streams, cancel)
	taken := f.takes(string(hello), "session"+strconv.Itoa(f.logIns))
	f.mu.Unlock()
	ctx = conn.CloseRead(ctx)
	switch {
	case !taken && !f.silent:
		_ = conn.Close(websocket.StatusPolicyViolation, "unauthorized")
		return
	case !taken:
		<-ctx.Done()
		return
	}
	tick := time.NewTicker(framePeriod)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if conn.Write(ctx, websocket.MessageText, []byte(`{"banks":[{"id":1,"currentRms":2}]}`)) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// cut ends the streams without a word.
func (f *firmware) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, cancel := range f.streams {
		cancel()
	}
}

// TestTheSessionIsShownAsThePDUWants meets firmwares of which each takes one of
// the two ways, and says so in one of two ways: what worked is tried first.
func TestTheSessionIsShownAsThePDUWants(t *testing.T) {
	t.Parallel()
	form := func(text string) func(hello, session string) bool {
		return func(hello, session string) bool { return hello == strings.ReplaceAll(text, "$", session) }
	}
	const named, bare = `{"cookie":"SPID=$"}`, `{"cookie":"$"}`
	for _, tt := range []struct {
		name   string
		takes  string
		silent bool
		hellos []string // before the stream is cut, and after it
	}{
		{"named", named, false, []string{named, named}},
		{"named or nothing", named, true, []string{named, named}},
		{"bare", bare, false, []string{named, bare, bare}},
		{"bare or nothing", bare, true, []string{named, bare, bare}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &firmware{takes: form(tt.takes), silent: tt.silent}
				n := serveInBubble(t, f)
				o := n.streaming()
				o.Endpoints = []string{"banks"}
				c := open(t, o)
				streamed := func() {
					t.Helper()
					pass(patience + 2*framePeriod)
					if d := read(t, c); d.Streamed != power.Boolean(true) {
						t.Error("it is not streamed")
					}
				}
				read(t, c)
				streamed()
				f.cut()
				streamed()
				var want []string
				for _, hello := range tt.hellos {
					want = append(want, strings.ReplaceAll(hello, "$", "session1"))
				}
				if diff := cmp.Diff(want, f.hellos); diff != "" || f.logIns != 1 {
					t.Errorf("%d log-ins; greetings (-want +got):\n%s", f.logIns, diff)
				}
			})
		})
	}
}

// TestASessionThatHasEnded shows what a stream costs whose session is over: it
// is shown in both ways, once, and then a new one is shown as the last that
// worked.
func TestASessionThatHasEnded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		valid := 1
		f := &firmware{takes: func(hello, _ string) bool { return hello == `{"cookie":"session`+strconv.Itoa(valid)+`"}` }}
		n := serveInBubble(t, f)
		o := n.streaming()
		o.Endpoints = []string{"banks"}
		c := open(t, o)
		read(t, c)
		pass(time.Minute)
		f.mu.Lock()
		valid = 2
		f.mu.Unlock()
		f.cut()
		pass(firstBackoff + 2*framePeriod)
		want := []string{
			`{"cookie":"SPID=session1"}`, `{"cookie":"session1"}`,
			`{"cookie":"session1"}`, `{"cookie":"SPID=session1"}`, `{"cookie":"session2"}`,
		}
		if diff := cmp.Diff(want, f.hellos); diff != "" || f.logIns != 2 {
			t.Errorf("%d log-ins; greetings (-want +got):\n%s", f.logIns, diff)
		}
		if d := read(t, c); d.Streamed != power.Boolean(true) {
			t.Error("it is not streamed")
		}
	})
}
