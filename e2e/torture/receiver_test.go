package torture

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/e2e/program"
)

// pushOutcome is what a sender got.
type pushOutcome struct {
	fault    *pushFault
	receiver string
	status   string // "" for none
	said     string
}

// message is the text of a refusal.
var message = regexp.MustCompile(`"message":"((?:[^"\\]|\\.)*)"`)

// connect connects to the listener for pushes.
func connect(t *testing.T, address string) net.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), program.Patience)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetReadDeadline(time.Now().Add(program.Patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

// happen makes the fault happen to a receiver.
func (f *pushFault) happen(t *testing.T, address string, e *endpoint) pushOutcome {
	t.Helper()
	o := pushOutcome{fault: f, receiver: e.name}
	c := connect(t, address)
	// The answer may come before all was sent.
	_ = f.send(c, e)
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		if f.status != 0 {
			t.Errorf("no answer: %v", err)
		}
		return o
	}
	defer answer.Body.Close()
	// What was sent after the end of a request may cut off its answer.
	body, _ := io.ReadAll(answer.Body)
	noSecret(t, "an answer", fmt.Sprint(answer.Header, string(body)))
	o.status = answer.Status
	if answer.StatusCode != f.status {
		t.Errorf("the answer is %s, want %d: %s", o.status, f.status, body)
	}
	if found := message.FindStringSubmatch(string(body)); found != nil {
		o.said = found[1]
	}
	if !regexp.MustCompile(f.says).MatchString(o.said) {
		t.Errorf("the message does not match %s: %s", f.says, body)
	}
	return o
}

// receiverConfig is the configuration of both receivers.
const receiverConfig = `
receivers:
  powersentrix: {companies: [{name: acme, id_file: secret}]}
  synlink: {tokens: [{name: bts, token_file: secret}]}
`

// startReceiver starts an exporter with both receivers and a store of its own.
func startReceiver(t *testing.T) *exporter {
	t.Helper()
	dir := room(t)
	write(t, dir, "secret", secret+"\n")
	return startExporter(t, true, nil, "--config.file="+write(t, dir, "config.yml", receiverConfig), "--storage.path="+dir+"/store")
}

// push makes a good push, which must be accepted.
func (e *exporter) pushed(t *testing.T, to *endpoint) {
	t.Helper()
	c := connect(t, e.push)
	if _, err := io.WriteString(c, post(to.target, to.good)); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("a good push is answered with %s", answer.Status)
	}
}

// torturePushes makes every fault of a sender happen to both receivers at the
// same time, and looks that nothing of it stays.
func torturePushes(t *testing.T) (seen map[string]pushOutcome) {
	t.Helper()
	e := startReceiver(t)
	all := endpoints()
	want := map[string]int{}
	count := func(receiver, result string) {
		if result != "" {
			want[fmt.Sprintf("power_exporter_pushes_total{receiver=%q,result=%q}", receiver, result)]++
		}
	}
	for i := range all {
		e.pushed(t, &all[i])
		count(all[i].name, "accepted")
	}
	before := e.own(t)
	seen = map[string]pushOutcome{}
	var mu sync.Mutex
	run := func(accepted bool) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			for _, f := range pushFaults() {
				for _, to := range all {
					if (f.result == "accepted") != accepted {
						continue
					}
					if f.name == "wrong path" {
						count("", f.result)
					} else {
						count(to.name, f.result)
					}
					t.Run(to.name+", "+f.name, func(t *testing.T) {
						t.Parallel()
						o := f.happen(t, e.push, &to)
						mu.Lock()
						defer mu.Unlock()
						seen[to.name+f.name] = o
					})
				}
			}
		}
	}
	t.Run("refused", run(false))
	after := e.own(t)
	for _, to := range all {
		if up := fmt.Sprintf("power_device_up{device=%q}", to.device); after[up] != "1" {
			t.Errorf("%s is %q", up, after[up])
		}
		for name, value := range before {
			if strings.Contains(name, fmt.Sprintf("{device=%q", to.device)) && isReading(name) && after[name] != value {
				t.Errorf("%s is %q, was %s", name, after[name], value)
			}
		}
	}
	t.Run("taken", run(true))
	for i := range all {
		e.pushed(t, &all[i])
		count(all[i].name, "accepted")
	}
	program.Eventually(t, "all pushes are counted", func() error {
		own := e.own(t)
		for name, n := range want {
			if own[name] != strconv.Itoa(n) {
				return fmt.Errorf("%s is %s, want %d", name, own[name], n)
			}
		}
		return nil
	})
	own := e.own(t)
	if n := own.number(t, "power_exporter_panics_total"); n != 0 {
		t.Errorf("%g panics", n)
	}
	return seen
}
