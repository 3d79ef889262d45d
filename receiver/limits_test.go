package receiver

import (
	"fmt"
	"net/netip"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestBucket(t *testing.T) {
	t.Parallel()
	start := time.Unix(1000, 0)
	for name, test := range map[string]struct {
		rate rate
		at   []time.Duration
		want []time.Duration // to wait, 0 for a token
	}{
		"one at a time": {
			rate{1, time.Second},
			[]time.Duration{0, 0, time.Second, 1500 * time.Millisecond, 2 * time.Second},
			[]time.Duration{0, time.Second, 0, 500 * time.Millisecond, 0},
		},
		"a burst": {
			rate{3, time.Second},
			[]time.Duration{0, 0, 0, 0, 500 * time.Millisecond, time.Second, time.Second},
			[]time.Duration{0, 0, 0, time.Second, 500 * time.Millisecond, 0, time.Second},
		},
		"full again, and not more": {
			rate{2, time.Second},
			[]time.Duration{0, 0, time.Hour, time.Hour, time.Hour},
			[]time.Duration{0, 0, 0, 0, time.Second},
		},
		"a clock that goes back": {
			rate{1, time.Second},
			[]time.Duration{time.Hour, time.Hour - time.Second},
			[]time.Duration{0, 2 * time.Second},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bucket
			for i, at := range test.at {
				if wait, ok := b.take(start.Add(at), test.rate); wait != test.want[i] || ok != (wait == 0) {
					t.Errorf("take %d: wait %s, %v; want %s", i, wait, ok, test.want[i])
				}
			}
		})
	}
}

func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter()
		address, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
		refuse := func() (free int, wait time.Duration) {
			for ; wait == 0; free++ {
				wait = l.Refused(address)
			}
			return free - 1, wait
		}
		if free, wait := refuse(); free != 100 || wait != time.Second {
			t.Errorf("%d are answered, then %s to wait; want 100 and 1s", free, wait)
		}
		if wait := l.Refused(other); wait != 0 {
			t.Errorf("another address has to wait %s", wait)
		}
		if wait := l.Blocked(address); wait != 0 {
			t.Errorf("the address is blocked for %s, although nobody guessed", wait)
		}
		pass(5 * time.Second)
		if free, _ := refuse(); free != 5 {
			t.Errorf("%d are answered after 5 s, want 5", free)
		}
	})
}

func TestGuesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter()
		address, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
		// Devices that are set up wrongly try the same for ever.
		for i := range 10_000 {
			l.Guessed(address, "wrong"+strconv.Itoa(i%recentGuesses))
		}
		if wait := l.Blocked(address); wait != 0 {
			t.Errorf("it is blocked for %s by a few wrong secrets", wait)
		}
		tries := recentGuesses
		for ; l.Blocked(address) == 0; tries++ {
			l.Guessed(address, "guess"+strconv.Itoa(tries))
		}
		if tries != 30 || l.Blocked(address) != 10*time.Second {
			t.Errorf("it is blocked for %s after %d different secrets, want 10s after 30", l.Blocked(address), tries)
		}
		if wait := l.Blocked(other); wait != 0 {
			t.Errorf("another address is blocked for %s", wait)
		}
		pass(10*time.Second - time.Nanosecond)
		if wait := l.Blocked(address); wait != time.Nanosecond {
			t.Errorf("it is still blocked for %s", wait)
		}
		pass(time.Nanosecond)
		if wait := l.Blocked(address); wait != 0 {
			t.Errorf("it is still blocked for %s", wait)
		}
		l.Guessed(address, "one more")
		if wait := l.Blocked(address); wait != 10*time.Second {
			t.Errorf("after one more guess it is blocked for %s", wait)
		}
	})
}

func TestSite(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.7":                      "192.0.2.7/32",
		"::ffff:192.0.2.7":               "192.0.2.7/32",
		"2001:db8:1:2:3:4:5:6":           "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff:ffff:ffff:ff": "2001:db8:1:2::/64",
		"fe80::1%eth0":                   "fe80::/64",
	} {
		if got := site(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
	if got := site(netip.Addr{}); got.IsValid() {
		t.Errorf("no address is of %s", got)
	}
}

// TestAMillionAddresses shows that the memory of a limiter is bounded, and that
// it is the address which was refused longest ago that is forgotten.
func TestAMillionAddresses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // in which no time passes
		l := NewLimiter()
		busy := netip.MustParseAddr("192.0.2.1")
		for i := range guessRate.burst {
			l.Guessed(busy, strconv.Itoa(i))
		}
		for i := range 1_000_000 {
			address := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
			l.Refused(address)
			if i%1000 == 0 {
				l.Refused(busy)
			}
		}
		if len(l.clients) != maxAddresses || l.recent.Len() != maxAddresses {
			t.Errorf("%d addresses, %d in order, want %d", len(l.clients), l.recent.Len(), maxAddresses)
		}
		if l.Blocked(busy) == 0 {
			t.Error("the one that keeps being refused was forgotten")
		}
	})
}

func TestSenders(t *testing.T) {
	t.Parallel()
	s, err := NewSenders(map[string]string{"acme": "abc123", "beta": "abc124", "gamma": "abc"})
	if err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[string]string{
		"abc123": "acme", "abc124": "beta", "abc": "gamma",
		"": "", "abc12": "", "abc1234": "", "ABC123": "", "abc123\x00": "", "acme": "",
	} {
		if name, ok := s.Lookup(secret); name != want || ok != (want != "") {
			t.Errorf("%q is of %q, %v; want %q", secret, name, ok, want)
		}
	}
	nobody, err := NewSenders(nil)
	if err != nil {
		t.Fatal(err)
	}
	if name, ok := nobody.Lookup(""); ok {
		t.Errorf("without senders there is %q", name)
	}
	for want, secrets := range map[string]map[string]string{
		`a sender has no name`:                     {"": "x"},
		`sender "a" has no secret`:                 {"a": ""},
		`senders "a" and "b" have the same secret`: {"a": "hunter2", "b": "hunter2"},
	} {
		if _, err := NewSenders(secrets); err == nil || err.Error() != want {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", s, s, *s); text == "" || containsAny(text, "abc123", "abc124") {
		t.Errorf("a secret is printed: %s", text)
	}
}

func TestUnguessable(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]bool{
		"": false, "abc123": false, "0123456789012345678": false, "01234567890123456789": true, "aaaaaaaaaaaaaaaaaaaaaaaa": false,
		"01234560123456012345601": false, "01234567012345601234560": true, "9f86d081884c7d659a2feaa0": true, "žltá žltá žltá": false, "电源电源电源电源": false,
	} {
		if got := unguessable(secret); got != want {
			t.Errorf("%q cannot be guessed: %v, want %v", secret, got, want)
		}
	}
}

// TestWhatIsTold finds out which refused pushes are worth a warning: one of each
// address in a while, and not too many of all.
func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter()
		told := func(first, last int) (n int) {
			for i := first; i <= last; i++ {
				if l.Tell(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})) {
					n++
				}
			}
			return n
		}
		for _, step := range []struct {
			after       time.Duration
			first, last int
			want        int
		}{
			{0, 1, 1, 1},
			{0, 1, 1, 0},
			{0, 1, 100, 19},
			{time.Minute, 1, 100, 1},
			{time.Hour, 1, 1, 1},
		} {
			<-time.After(step.after)
			if n := told(step.first, step.last); n != step.want {
				t.Errorf("after %s, %d of the addresses %d to %d are told of, want %d", step.after, n, step.first, step.last, step.want)
			}
		}
	})
}
