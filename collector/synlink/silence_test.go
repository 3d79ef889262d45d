package synlink

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/power"
)

// TestSilence follows a stream that stalls: after three periods the PDU is read
// by requests, until frames come again. Each change is logged once.
func TestSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		c := open(t, n.streaming())
		var logs []string
		look := func() string {
			t.Helper()
			shown := shownBy(t, c)
			for line := range strings.Lines(shown) {
				if _, message, ok := strings.Cut(line, " level="); ok && !strings.Contains(message, "DEBUG") {
					logs = append(logs, strings.TrimSpace(message))
				}
			}
			return strconv.Itoa(strings.Count(shown, "GET /api/"))
		}
		var asked []string
		for range 8 { // while it begins
			asked = append(asked, look())
			pass(time.Second * 5 / 8) // so that no frame comes at the same time
		}
		// The last frame came 1 s ago.
		pdu.SetStreamFault(synlinksim.StreamFault{Stall: true})
		for range 5 {
			pass(2 * time.Second)
			asked = append(asked, look())
		}
		pdu.SetStreamFault(synlinksim.StreamFault{})
		pass(30 * time.Second)
		for range 3 {
			asked = append(asked, look())
			pass(time.Second)
		}
		if got, want := strings.Join(asked, " "), "9 9 9 9 0 0 0 0 0 0 9 9 9 0 0 0"; got != want {
			t.Errorf("requests for readings:\ngot  %s\nwant %s", got, want)
		}
		want := []string{
			`WARN msg="the stream is silent; the PDU is read by requests instead" err="no frame in 6s"`,
			`INFO msg="the stream is back"`,
		}
		if diff := cmp.Diff(want, logs); diff != "" {
			t.Errorf("logs (-want +got):\n%s", diff)
		}
	})
}

// TestTheReasonOfSilence shows that what came instead of frames is logged with the
// silence, and not with a later one.
func TestTheReasonOfSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		c := open(t, n.streaming())
		for fault, want := range map[string]string{
			"]garbage[":         `err="no frame in 6s, but another message: the answer is no JSON: it breaks off at byte 1 of 9"`,
			synlinksim.HTMLPage: `err="no frame in 6s, but another message: the answer is a web page and not JSON: does the address lead to the device itself?"`,
			"":                  `err="no frame in 6s"`,
		} {
			read(t, c)
			pdu.SetStreamFault(synlinksim.StreamFault{Garbage: []byte(fault), Stall: fault == ""})
			pass(silence + framePeriod/2)
			if shown := shownBy(t, c); !strings.Contains(shown, "the stream is silent; the PDU is read by requests instead\" "+want) {
				t.Errorf("no %s in\n%s", want, shown)
			}
			pdu.SetStreamFault(synlinksim.StreamFault{})
			pass(longestBackoff + framePeriod)
		}
	})
}

// TestStreamFaults lets streams misbehave: which frames are used, and what is
// said of the others.
func TestStreamFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault synlinksim.StreamFault
		want  string // why it is silent; empty where it is not
	}{
		{"fine", synlinksim.StreamFault{}, ""},
		{"binary", synlinksim.StreamFault{Binary: true}, ""},
		{"several", synlinksim.StreamFault{Flood: maxBurst}, ""},
		{"stall", synlinksim.StreamFault{Stall: true}, "opening the stream: no frame in 10s"},
		{"garbage", synlinksim.StreamFault{Garbage: []byte("]garbage[")}, "opening the stream: no frame in 10s, but another message: the answer is no JSON: it breaks off at byte 1 of 9"},
		{
			"no frame",
			synlinksim.StreamFault{Garbage: []byte(`{"message":"hello"}`)},
			"opening the stream: no frame in 10s, but another message: the message is no frame: it has no device, inlets, banks, outlets or sensors",
		},
		{"a web page", synlinksim.StreamFault{Garbage: []byte(synlinksim.HTMLPage)}, "opening the stream: no frame in 10s, but another message: the answer is a web page and not JSON: does the address lead to the device itself?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				pdu.SetStreamFault(tt.fault)
				c := open(t, n.streaming())
				read(t, c)
				pass(time.Minute)
				d := read(t, c)
				_, err := c.feed.newest()
				wantError(t, err, tt.want)
				if want := power.Boolean(tt.want == ""); d.Streamed != want {
					t.Errorf("streamed is %s, want %s", d.Streamed, want)
				}
				if stats := pdu.Stats(); stats.Logins != 1 || stats.Requests["/ws"] > 20 {
					t.Errorf("%+v", stats)
				}
				pdu.SetStreamFault(synlinksim.StreamFault{})
				pass(longestBackoff + framePeriod)
				if d := read(t, c); d.Streamed != power.Boolean(true) {
					t.Error("it does not recover")
				}
				_, err = c.feed.newest()
				wantError(t, err, "")
			})
		})
	}
}

// TestAHugeFrame shows that a frame of a megabyte is taken, and that one of a
// hundred is not even read.
func TestAHugeFrame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		c := listening(t, pdu, n.streaming())
		pdu.SetStreamFault(synlinksim.StreamFault{Size: 1 << 20})
		tick(t, pdu)
		for _, size := range []int{1<<20 + 2, 100 << 20} {
			wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == 1 })
			pdu.SetStreamFault(synlinksim.StreamFault{Size: size})
			pdu.Tick()
			wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == 0 })
			synctest.Wait()
			_, err := c.feed.newest()
			if err == nil || !strings.HasSuffix(err.Error(), "the stream: a message is larger than 1 MiB") {
				t.Errorf("error is %v", err)
			}
			asks(t, pdu, c, nothing) // since the last frame is still fresh
		}
		if stats := pdu.Stats(); stats.Frames != 1 {
			t.Errorf("%d frames were taken", stats.Frames)
		}
	})
}

// TestMessagesThatAreNoFrames shows that words between the frames harm nothing.
func TestMessagesThatAreNoFrames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		c := listening(t, pdu, n.streaming())
		for range 5 {
			pdu.SetStreamFault(synlinksim.StreamFault{Garbage: []byte(`{"message":"hello"}`)})
			tick(t, pdu)
			pass(time.Second)
			pdu.SetStreamFault(synlinksim.StreamFault{})
			tick(t, pdu)
			asks(t, pdu, c, nothing)
			pass(time.Second)
		}
	})
}
