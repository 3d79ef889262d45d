package powersentrixsim

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Whatever is sent as a log-in is refused or is an object with two strings, and
// an error quotes nothing of it.
func FuzzCredentials(f *testing.F) {
	for _, body := range []string{
		`{"email":"a","password":"b"}`, `{"email":"","password":""}`, `{"email":null,"password":"x"}`, `{}`, `[]`, `"x"`, ``, `{`,
		`{"email":1,"password":2}`, `{"email":"a","email":"b","password":"\u0000"}`, `{"email":"a","password":"b"} {}`, strings.Repeat("[", maxLogin+1),
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		email, password, err := credentials(body)
		if err != nil {
			if email != "" || password != "" || !strings.HasPrefix(err.Error(), "the body ") {
				t.Errorf("%q, %q with %v", email, password, err)
			}
			return
		}
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil || len(body) > maxLogin {
			t.Errorf("accepted: %v", err)
		}
	})
}

// An uptime is read only where it is written the same way again.
func FuzzUptime(f *testing.F) {
	for _, text := range []string{"2d 14h 33m", "0d 00h 00m", "5d 02h 11m", "5d 2h 11m", "1d 24h 00m", "-1d 00h 00m", "", "d h m", "9999999999d 00h 00m", "1d 00h 00m x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := parseUptime(text); ok && (formatUptime(d) != text || d < 0) {
			t.Errorf("%q is %v", text, d)
		}
	})
}

func TestUptime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"2d 14h 33m": 62*time.Hour + 33*time.Minute, "0d 00h 00m": 0, "118d 23h 51m": 2855*time.Hour + 51*time.Minute,
		"5d 2h 11m": -1, "1d 24h 00m": -1, "": -1, "-1d 00h 00m": -1,
	} {
		d, ok := parseUptime(text)
		if ok != (want >= 0) || ok && d != want {
			t.Errorf("%q: %v, %v", text, d, ok)
		}
	}
	if text := formatUptime(25*time.Hour + 59*time.Minute + 59*time.Second); text != "1d 01h 59m" {
		t.Error(text)
	}
}

// A log that has lost records goes on with the oldest that is left.
func TestEventLog(t *testing.T) {
	t.Parallel()
	l := newEventLog(2)
	if _, ok := l.after(0); ok {
		t.Error("a record in an empty log")
	}
	for range 3 {
		l.add(Event{})
	}
	for after, want := range map[int]int{0: 2, 1: 2, 2: 3, 3: 0, 4: 0} {
		if e, ok := l.after(after); e.Ord != want || ok != (want > 0) {
			t.Errorf("after %d: %d", after, e.Ord)
		}
	}
	l.reset()
	if e := l.add(Event{}); e.Ord != 1 || len(l.all()) != 1 {
		t.Errorf("%+v", e)
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	var l Latency
	if l.Quantile(0.5) != 0 {
		t.Error(l.Quantile(0.5))
	}
	for _, d := range []time.Duration{125 * time.Microsecond, 126 * time.Microsecond, time.Millisecond, time.Second, time.Hour} {
		l.observe(d)
	}
	if l.Count != 5 || l.Sum != time.Hour+time.Second+1251*time.Microsecond || l.Max != time.Hour {
		t.Errorf("%+v", l)
	}
	for q, want := range map[float64]time.Duration{
		0: 125 * time.Microsecond, 0.2: 125 * time.Microsecond, 0.4: 250 * time.Microsecond, 0.6: time.Millisecond, 0.8: 1024 * time.Millisecond, 1: time.Hour,
	} {
		if got := l.Quantile(q); got != want {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
	if l.Buckets[0] != 1 || l.Buckets[1] != 1 || l.Buckets[3] != 1 || l.Buckets[13] != 1 || l.Buckets[19] != 1 {
		t.Error(l.Buckets)
	}
}

// What has no slot stays as it is, and slots may be neighbours.
func TestTemplate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "",
		"x":                            "x",
		"\uE000":                       "a",
		"\uE002\uE001\uE000":           "cba",
		"<\uE000>č<\uE001>\uE000é":     "<a>č<b>aé",
		"é\uE001é\uE003\uE001\uE000 x": "ébé\uE003ba x",
	} {
		if got := string(newTemplate([]byte(text)).fill("a", "b", "c")); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
