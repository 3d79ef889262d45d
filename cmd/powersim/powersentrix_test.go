package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/simtest"
)

// powerSentrixLines is a log that gives the addresses in it, by what listens
// there.
type powerSentrixLines struct {
	simtest.Log
	addresses chan [2]string
}

// Write takes a line.
func (l *powerSentrixLines) Write(p []byte) (int, error) {
	if m := regexp.MustCompile(`address=(\S+) what="PowerSentrix (\S+)"`).FindSubmatch(p); m != nil {
		l.addresses <- [2]string{string(m[2]), string(m[1])}
	}
	return l.Log.Write(p)
}

// powerSentrixPlay is what plays with the arguments, on free ports where they do
// not say otherwise.
func powerSentrixPlay(t *testing.T, args ...string) vendor {
	t.Helper()
	for _, free := range []string{"--powersentrix.listen-address=", "--powersentrix.portal-listen-address="} {
		if !slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, free) }) {
			args = append(args, free+"127.0.0.1:0")
		}
	}
	app := kingpin.New("test", "")
	play := powersentrixVendor(app)
	if _, err := app.Parse(args); err != nil {
		t.Fatal(err)
	}
	return play
}

// startPowerSentrix plays PowerSentrix equipment until stop, and gives the
// addresses of what listens, when there are so many.
func startPowerSentrix(t *testing.T, count int, live bool, args ...string) (addresses map[string]string, log *powerSentrixLines, stop func()) {
	t.Helper()
	play := powerSentrixPlay(t, args...)
	ctx, cancel := context.WithCancel(t.Context())
	log = &powerSentrixLines{addresses: make(chan [2]string, 2)}
	done := make(chan error, 1)
	go func() { done <- play(ctx, slog.New(slog.NewTextHandler(log, nil)), live) }()
	addresses = map[string]string{}
	for len(addresses) < count {
		select {
		case a := <-log.addresses:
			addresses[a[0]] = a[1]
		case err := <-done:
			t.Fatalf("ended: %v", err)
		}
	}
	return addresses, log, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// pushed is a server that UPSes push to. It counts what it was sent, by UPS, and
// closes enough when all have pushed.
type pushed struct {
	company string
	want    int

	mu     sync.Mutex
	sent   map[string]int
	wrong  int
	enough chan struct{}
}

// ServeHTTP takes a request.
func (p *pushed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.URL.Query().Get("companyId") != p.company {
		p.wrong++
	}
	if r.URL.Path == "/api/setUpsData" {
		p.sent[r.URL.Query().Get("cmm")]++
		if len(p.sent) == p.want && p.enough != nil {
			close(p.enough)
			p.enough = nil
		}
	}
	_, _ = io.WriteString(w, `{"responseMessage":"OK"}`) // a client that left needs no answer
}

// The demo has a UPS, a portal and two that push, and what its page says opens
// them; with more UPSes the others are for load.
func TestPowerSentrix(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "company")
	if err := os.WriteFile(secret, []byte("from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		live    bool
		args    []string
		company string
		pushing int
		listed  int
	}{
		{true, nil, "demo-company", 2, 2},
		{false, []string{"--powersentrix.ups=20", "--powersentrix.period=100ms", "--powersentrix.company-file=" + secret}, "from-a-file", 20, 8},
	} {
		enough := make(chan struct{})
		server := &pushed{company: tt.company, want: tt.pushing, sent: map[string]int{}, enough: enough}
		web := httptest.NewServer(server)
		addresses, log, stop := startPowerSentrix(t, 2, tt.live, append(tt.args, "--powersentrix.server="+web.URL)...)
		a := simtest.Ask(t, http.MethodGet, "http://"+addresses["UPS"]+"/api_actions?apiKey=demo-key&fn=2", "")
		if a.Status != http.StatusOK || !strings.Contains(a.Body, `"upsId":"ups-01"`) || strings.Count(a.Body, `"main":`) != 2 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		portal := "http://" + addresses["portal"] + "/api/v1"
		a = simtest.Ask(t, http.MethodPost, portal+"/user/authenticate", `{"email":"demo@example.net","password":"demo-password"}`)
		bearer := "Bearer " + simtest.Decoded[struct{ Token string }](t, a.Body).Token
		a = simtest.Ask(t, http.MethodGet, portal+"/ups/getUpsList", "", "Authorization", bearer)
		if n := strings.Count(a.Body, `"cmm":"ups-0`); a.Status != http.StatusOK || n != tt.listed {
			t.Errorf("%d UPSes, %d %s", n, a.Status, a.Body)
		}
		for id, want := range map[string]int{"42": http.StatusOK, "50": http.StatusNotFound} {
			if a := simtest.Ask(t, http.MethodGet, portal+powerSentrixLog+"?id="+id, "", "Authorization", bearer); a.Status != want {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		select {
		case <-enough:
		case <-time.After(time.Minute):
			t.Errorf("not all of %d UPSes push", tt.pushing)
		}
		stop()
		web.Close()
		if server.wrong > 0 || server.sent["ups-01"] == 0 || server.sent["load-00001"] == 0 != (tt.pushing == 2) {
			t.Errorf("%v, %d with another companyId", server.sent, server.wrong)
		}
		if strings.Contains(log.String(), tt.company) {
			t.Error(log.String())
		}
	}
}

// What is not wanted is not played: without a server nothing is pushed, and
// without UPSes that push one can be read all the same.
func TestPowerSentrixParts(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		listen int
	}{
		{nil, 2},
		{[]string{"--powersentrix.ups=0", "--powersentrix.server=http://127.0.0.1:1", "--powersentrix.portal-listen-address="}, 1},
		{[]string{"--powersentrix.listen-address="}, 1},
	} {
		addresses, log, stop := startPowerSentrix(t, tt.listen, true, tt.args...)
		for what, path := range map[string]string{"UPS": "/api_actions?apiKey=demo-key&fn=1", "portal": "/api/v1/ups/getUpsList"} {
			if address := addresses[what]; address != "" {
				want := map[string]int{"UPS": http.StatusOK, "portal": http.StatusUnauthorized}[what]
				if a := simtest.Ask(t, http.MethodGet, "http://"+address+path, ""); a.Status != want {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			}
		}
		stop()
		if len(addresses) != tt.listen || strings.Contains(log.String(), "push") {
			t.Errorf("%v: %v %s", tt.args, addresses, log.String())
		}
	}
	nothing := powerSentrixPlay(t, "--powersentrix.listen-address=", "--powersentrix.portal-listen-address=")
	if err := nothing(t.Context(), slog.New(slog.DiscardHandler), true); err != nil {
		t.Error(err)
	}
}

func TestPowerSentrixFailures(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const server = "--powersentrix.server=http://127.0.0.1:1"
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"address", []string{"--powersentrix.listen-address=nowhere"}, "powersentrix: listen tcp: address nowhere: missing port in address"},
		{"portal's address", []string{"--powersentrix.portal-listen-address=nowhere"}, "powersentrix: listen tcp: address nowhere: missing port in address"},
		{"server", []string{"--powersentrix.server=127.0.0.1"}, "powersentrix: the server to push to is no http or https URL with a host and without a query"},
		{"no file", []string{server, "--powersentrix.company-file=" + filepath.Join(dir, "none")}, "powersentrix: reading the companyId: open " + filepath.Join(dir, "none") + ": no such file or directory"},
		{"empty file", []string{server, "--powersentrix.company-file=" + empty}, "powersentrix: reading the companyId: " + empty + " is empty"},
		{"number", []string{"--powersentrix.ups=-1"}, "powersentrix: -1 UPSes that push every 5s: their number must not be negative, and the period more than 0"},
		{"period", []string{"--powersentrix.period=0s"}, "powersentrix: 2 UPSes that push every 0s: their number must not be negative, and the period more than 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play := powerSentrixPlay(t, tt.args...)
			if err := play(t.Context(), slog.New(slog.DiscardHandler), true); err == nil || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
