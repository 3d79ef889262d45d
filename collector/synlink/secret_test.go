package synlink

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/coder/websocket"

	"power_exporter/collector"
)

// secrets are what a PDU hears, and nobody else.
var secrets = []string{
	"s3cret-token", "s3cret-password", "s3cret-session",
	base64.StdEncoding.EncodeToString([]byte("reader:s3cret-password")),
}

// TestNoSecretIsShown reads servers that repeat what they heard, wherever an
// answer has room for it, and looks at all that people get to see.
func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	echoes := map[string]http.HandlerFunc{
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no HTTP": func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+heard(r)+"\r\n\r\n")
		},
	}
	for _, status := range []int{200, 302, 401, 403, 404, 429, 500, 503} {
		echoes[strconv.Itoa(status)] = func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/"+heard(r))
			http.Error(w, heard(r), status)
		}
		echoes[fmt.Sprint(status, " as JSON")] = func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"%s":"%[1]s","device":"%[1]s"}`, heard(r))
		}
	}
	for name, echo := range echoes {
		for kind, access := range map[string]Access{
			"token":        {Name: "pdu", Token: "s3cret-token"},
			"basic":        {Name: "pdu", Username: "reader", Password: "s3cret-password", Basic: true},
			"session":      {Name: "pdu", Username: "reader", Password: "s3cret-password"},
			"session lost": {Name: "pdu", Username: "reader", Password: "s3cret-password"},
		} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodPost && kind == "session lost" {
						w.Header().Set("Set-Cookie", "SPID=s3cret-session; path=/")
						return
					}
					echo(w, r)
				}))
				server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
				server.Start()
				t.Cleanup(server.Close)
				o := options(parse(t, server.URL))
				o.Access, o.FollowRedirects = access, true
				shown := shownOf(t, o)
				if strings.Count(shown, "/") < 2 {
					t.Errorf("only %q is shown: this test is blind", shown)
				}
				wantNoSecret(t, shown)
			})
		}
	}
}

// TestNoSecretOfTheStreamIsShown is the same for a WebSocket, which is closed
// with the session as the reason.
func TestNoSecretOfTheStreamIsShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := serveInBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/login":
				w.Header().Set("Token", "s3cret-session")
			case "/ws":
				conn, err := websocket.Accept(w, r, nil)
				if err != nil {
					t.Error(err)
					return
				}
				_, message, err := conn.Read(r.Context())
				if err != nil || !strings.Contains(string(message), "s3cret-session") {
					t.Errorf("%q, %v", message, err)
				}
				_ = conn.Close(websocket.StatusTryAgainLater, string(message))
			default:
				_, _ = io.WriteString(w, "[]")
			}
		}))
		o := n.streaming()
		o.Access = Access{Name: "pdu", Username: "reader", Password: "s3cret-password"}
		c := open(t, o)
		var text bytes.Buffer
		for range 2 {
			text.WriteString(shownBy(t, c))
			pass(silence)
		}
		const want = `level=WARN msg="the stream is silent; the PDU is read by requests instead" err="opening the stream: the PDU closed it with StatusTryAgainLater"`
		if !strings.Contains(text.String(), want) {
			t.Errorf("shown is\n%s", text.String())
		}
		wantNoSecret(t, text.String())
	})
}

// wantNoSecret complains about secrets.
func wantNoSecret(tb testing.TB, shown string) {
	tb.Helper()
	for _, secret := range secrets {
		if strings.Contains(shown, secret) {
			tb.Errorf("%s is shown:\n%s", secret, shown)
		}
	}
}

// heard is a request in one line.
func heard(r *http.Request) string {
	body, _ := io.ReadAll(r.Body)
	return strings.NewReplacer("\n", " ", `"`, " ", ":", " ").Replace(fmt.Sprint(r.Method, " ", r.URL, " ", r.Header, " ", string(body)))
}

// shownOf makes two readings, and is all that people get to see of them.
func shownOf(tb testing.TB, o Options) string {
	tb.Helper()
	c := open(tb, o)
	return shownBy(tb, c) + shownBy(tb, c)
}

// shownBy makes a reading, and is all that people get to see of it.
func shownBy(tb testing.TB, c *Collector) string {
	tb.Helper()
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	pool := collector.NewPool(logger, func() { tb.Error("panic") })
	result := pool.Read(tb.Context(), collector.Source{New: func(*collector.Gate) collector.Collector { return kept{c} }}, timeout, logger)
	fmt.Fprintln(&text, result.Err)
	for _, r := range result.Requests {
		fmt.Fprintln(&text, r.Name, r.Err)
	}
	return text.String()
}

// kept is a collector that a pool does not close.
type kept struct{ collector.Collector }
