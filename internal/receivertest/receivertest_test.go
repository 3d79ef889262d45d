package receivertest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"power_exporter/internal/receivertest"
	"power_exporter/power"
	"power_exporter/receiver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// failures is a test that may fail without failing this one.
type failures struct {
	testing.TB
	failed []string
}

// Errorf keeps the message.
func (f *failures) Errorf(format string, args ...any) {
	f.failed = append(f.failed, fmt.Sprintf(format, args...))
}

// vendor is made up. Its devices show how often their state was mapped, or
// nothing.
type vendor struct{ mapped *atomic.Int64 }

// Kind counts if it has a counter.
func (v vendor) Kind() receiver.Kind {
	return receiver.Kind{Map: func([]byte) (power.Device, error) {
		d := power.Device{Vendor: "Fake", Kind: power.KindUPS}
		if v.mapped != nil {
			d.Model = strconv.FormatInt(v.mapped.Add(1), 10)
		}
		return d, nil
	}}
}

// Endpoint takes what its path says.
func (v vendor) Endpoint(store *receiver.Store, senders *receiver.Senders) receiver.Endpoint {
	return receiver.Endpoint{
		Receiver: "fake", Paths: []string{"/take", "/panic", "/fail", "/full", "/refuse", "/tell", "/strange"}, Senders: senders,
		Secret: func(r *http.Request) string { return r.URL.RawQuery },
		Accept: func(ctx context.Context, push receiver.Push) (reply []byte, err error) {
			err = store.Update(ctx, receiver.Key{Kind: "fake", Sender: push.Sender, Device: "ups"}, func(e *receiver.Entry, now time.Time) error {
				e.Measured = now
				switch push.Path {
				case "/panic":
					panic("no such device")
				case "/fail":
					return errors.New("a mistake")
				case "/full":
					return receiver.ErrStorage
				case "/refuse":
					return fmt.Errorf("%w: \"a\" & b", receiver.ErrMalformed)
				case "/tell":
					return fmt.Errorf("%w: %s is wrong", receiver.ErrMalformed, "hunter2")
				}
				return nil
			})
			if push.Path == "/strange" {
				return []byte("strange"), err
			}
			return []byte("taken"), err
		},
	}
}

// TestFailures does what a test may do to a site. It fails if something is
// wrong, and only then.
func TestFailures(t *testing.T) {
	t.Parallel()
	const refused = `malformed push: "a" & b`
	survive := func(s *receivertest.Site, path string) {
		s.Survive(httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader("{}")))
	}
	for name, test := range map[string]struct {
		do   func(s *receivertest.Site)
		want []string // the beginnings of what it fails with
	}{
		"taken":              {func(s *receivertest.Site) { s.Push("/take?hunter2", "{}") }, nil},
		"not taken":          {func(s *receivertest.Site) { s.Push("/refuse?hunter2", "{}") }, []string{"{} to /refuse?hunter2 was answered with 400 "}},
		"answered otherwise": {func(s *receivertest.Site) { s.Push("/strange?hunter2", "{}") }, []string{"{} to /strange?hunter2 was answered with 200 strange"}},
		"refused":            {func(s *receivertest.Site) { s.Refuse("/refuse?hunter2", "{}", 400, refused) }, nil},
		"another status":     {func(s *receivertest.Site) { s.Refuse("/refuse?hunter2", "{}", 413, refused) }, []string{"it was answered with 400 "}},
		"another message":    {func(s *receivertest.Site) { s.Refuse("/refuse?hunter2", "{}", 400, "no") }, []string{"it was answered with 400 "}},
		"not refused":        {func(s *receivertest.Site) { s.Refuse("/take?hunter2", "{}", 400, refused) }, []string{"it was answered with 200 ", "1 devices are kept"}},
		"panic":              {func(s *receivertest.Site) { s.Post("/panic?hunter2", "{}") }, []string{"a push panicked", `the receiver failed, which is "failed"`}},
		"mistake":            {func(s *receivertest.Site) { s.Post("/fail?hunter2", "{}") }, []string{`the receiver failed, which is "failed"`}},
		"full disk":          {func(s *receivertest.Site) { s.Post("/full?hunter2", "{}") }, []string{`the receiver failed, which is "not_stored"`}},
		"secret in the log":  {func(s *receivertest.Site) { s.Post("/tell?hunter2", "{}") }, []string{"there is a secret in the log", "there is a secret in what is told"}},
		"survives":           {func(s *receivertest.Site) { survive(s, "/take?hunter2") }, nil},
		"survives a refusal": {func(s *receivertest.Site) { survive(s, "/refuse?hunter2") }, nil},
		"survives strangely": {func(s *receivertest.Site) { survive(s, "/strange?hunter2") }, []string{`it was answered with 200 "strange"`}},
		"survives a mistake": {func(s *receivertest.Site) { survive(s, "/fail?hunter2") }, []string{`the receiver failed, which is "failed"`, "it was answered with 500 "}},
		"expected": {func(s *receivertest.Site) {
			s.Push("/take?hunter2", "{}")
			s.Expect("device_up", `power_device_up{device="ups"} 1`)
		}, nil},
		"expected, not there": {func(s *receivertest.Site) { s.Expect("device_up", `power_device_up{device="ups"} 1`) }, []string{"of device_up there are\n\nwant\npower_device_up{"}},
		"there, not expected": {func(s *receivertest.Site) { s.Push("/take?hunter2", "{}"); s.Expect("device_up") }, []string{"of device_up there are\npower_device_up{"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &failures{TB: t}
			s := open(f, t.TempDir(), vendor{})
			test.do(s)
			s.Close()
			compare(t, f.failed, test.want)
		})
	}
}

// TestRestart restarts a site whose device is another one then.
func TestRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &failures{TB: t}
		folder := t.TempDir()
		s := open(f, folder, vendor{})
		s.Push("/take?hunter2", "{}")
		receivertest.Pass(time.Minute)
		s.Restart()
		s.Close()
		compare(t, f.failed, nil)

		s = open(f, receivertest.Folder(t, receivertest.Stored(t, folder)), vendor{mapped: &atomic.Int64{}})
		s.Restart("power_device_info")
		compare(t, f.failed, nil)
		s.Restart()
		compare(t, f.failed, []string{"after a restart there is\n"})
		s.Close()
	})
}

// open opens a site of the made-up vendor.
func open(tb testing.TB, folder string, v vendor) *receivertest.Site {
	tb.Helper()
	return receivertest.Open(tb, folder, receivertest.Options{Name: "fake", Vendor: v, Secrets: map[string]string{"acme": "hunter2"}, OK: "taken"})
}

// compare compares the beginnings of messages.
func compare(t *testing.T, got, want []string) {
	t.Helper()
	same := len(got) == len(want)
	for i := 0; same && i < len(want); i++ {
		same = strings.HasPrefix(got[i], want[i])
	}
	if !same {
		t.Errorf("it failed with %q, want %q", got, want)
	}
}
