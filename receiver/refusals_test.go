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
		one.Client.String(), one.Sender, string(one.Result), one.Message, strconv.Itoa(one.Count), now.Sub(one.First).String(), now.Sub(one.Last).String(),
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
		told()

		f.doFrom(t, "192.0.2.7:1", "", wrong, "{}")
		pass(time.Minute)
		f.doFrom(t, "192.0.2.8:1", "", good, "[]")
		pass(time.Minute)
		f.doFrom(t, "192.0.2.7:2", "", wrong, "{}")
		pass(time.Minute)
		f.doFrom(t, "192.0.2.8:2", "", good, "")
		told(
			"192.0.2.8|acme|malformed|malformed push: the body is empty: a JSON object was expected|2|2m0s|0s",
			"192.0.2.7||unauthorized|unknown company or token|2|3m0s|1m0s",
		)

		// What is told is why, and not that there are too many of them.
		pass(time.Second)
		for range 200 {
			f.doFrom(t, "192.0.2.7:2", "", wrong, "{}")
		}
		pass(refusalTime)
		told("192.0.2.7||unauthorized|unknown company or token|202|1h3m1s|1h0m0s")
		pass(1)
		told()
	})
}

// TestRefusalsOfAllKinds shows what is told besides wrong secrets.
func TestRefusalsOfAllKinds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, fakeEndpoint(t, nil))
	f.do(t, http.MethodGet, good, "")
	if all := f.refused.Lately(); len(all) != 1 || all[0].Result != Unknown || all[0].Message != "only POST is allowed" {
		t.Errorf("told is %v", all)
	}
}

// TestRefusalsAreBounded shows that the first of many strangers make room, and
// not who is known.
func TestRefusalsAreBounded(t *testing.T) {
	t.Parallel()
	var r Refusals
	r.add(Refusal{Client: netip.MustParseAddr("192.0.2.1"), Sender: "acme", Result: Malformed})
	for i := range 3 * maxRefusals {
		r.add(Refusal{Client: netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), Message: strings.Repeat("x", 2*maxMessage)})
	}
	all := r.Lately()
	if len(all) != 1+maxRefusals {
		t.Fatalf("%d are kept", len(all))
	}
	if all[0].Sender != "acme" {
		t.Errorf("the first is %v", all[0])
	}
	if first, last := all[1].Client, all[maxRefusals].Client; first != netip.MustParseAddr("10.0.0.95") || last != netip.MustParseAddr("10.0.0.64") {
		t.Errorf("those of %s to %s are kept", first, last)
	}
	if len(all[1].Message) != maxMessage {
		t.Errorf("a message has %d bytes", len(all[1].Message))
	}
	for i := range 3 {
		r.add(Refusal{Client: netip.AddrFrom16([16]byte{0x20, 1, 15: byte(i)})})
	}
	if one := r.Lately()[1]; one.Count != 3 || one.Client != netip.MustParseAddr("2001::2") {
		t.Errorf("of one network there is %v", one)
	}
}
