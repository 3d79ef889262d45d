package receiver

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// line is a Refusal in short.
func (one Refusal) line(now time.Time) string {
	return strings.Join([]string{
		one.Client.String(), one.Sender, string(one.Result), one.Message, strconv.Itoa(one.Count), now.Sub(one.Last).String(),
	}, "|")
}

// TestRefusals sends pushes that are refused, and looks at what is told of them.
func TestRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, fakeEndpoint(t, openOn(t, newMemory(), Options{})))
		told := func(want ...string) {
			t.Helper()
			var got []string
			for _, one := range f.refused.Lately() {
				got = append(got, one.line(time.Now()))
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("told is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		const wrong = "/api/setUpsData?companyId=wrong&cmm=x"
		told()

		f.doFrom(t, "192.0.2.7:1", "", good, "{}")
		f.doFrom(t, "192.0.2.7:1", "", "/nowhere", "{}")
		f.do(t, http.MethodGet, good, "")
		told()

		f.doFrom(t, "192.0.2.7:1", "", wrong, "{}")
		pass(time.Minute)
		f.doFrom(t, "192.0.2.8:1", "", good, "[]")
		pass(time.Minute)
		f.doFrom(t, "192.0.2.7:2", "", wrong, "{}")
		pass(time.Minute)
		f.doFrom(t, "192.0.2.8:2", "", good, "")
		told(
			"192.0.2.8|acme|malformed|malformed push: the body is empty: a JSON object was expected|2|0s",
			"192.0.2.7||unauthorized|unknown company or token|2|1m0s",
		)

		// What is told is why, and not that there are too many of them.
		pass(time.Second)
		for range 200 {
			f.doFrom(t, "192.0.2.7:2", "", wrong, "{}")
		}
		pass(refusalTime)
		told("192.0.2.7||unauthorized|unknown company or token|202|1h0m0s")
		pass(1)
		told()
	})
}

// TestRefusalsAreBounded shows that the first of many clients make room.
func TestRefusalsAreBounded(t *testing.T) {
	t.Parallel()
	var r Refusals
	for i := range 3 * maxRefusals {
		r.add(Refusal{Client: netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), Message: strings.Repeat("x", 2*maxMessage)})
	}
	all := r.Lately()
	if len(all) != maxRefusals {
		t.Fatalf("%d are kept", len(all))
	}
	if first, last := all[0].Client, all[maxRefusals-1].Client; first != netip.MustParseAddr("10.0.0.191") || last != netip.MustParseAddr("10.0.0.128") {
		t.Errorf("those of %s to %s are kept", first, last)
	}
	if len(all[0].Message) != maxMessage {
		t.Errorf("a message has %d bytes", len(all[0].Message))
	}
}
