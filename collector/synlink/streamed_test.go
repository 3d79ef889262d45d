package synlink

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/power"
)

// onlyTicks is a PDU that sends a frame when the test says so.
func onlyTicks() synlinksim.Options { return synlinksim.Options{StreamPeriod: -1} }

// listening is a collector of which a first reading was made, and whose stream
// waits for frames.
func listening(t *testing.T, pdu *synlinksim.PDU, o Options) *Collector {
	t.Helper()
	c := open(t, o)
	read(t, c)
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == 1 })
	return c
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, pdu *synlinksim.PDU, wanted func(synlinksim.Stats) bool) {
	t.Helper()
	if err := pdu.Wait(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
}

// tick sends a frame, and returns when it was taken.
func tick(t *testing.T, pdu *synlinksim.PDU) {
	t.Helper()
	if n := pdu.Tick(); n != 1 {
		t.Errorf("%d frames, want 1", n)
	}
	synctest.Wait()
}

// set changes a value of the PDU.
func set(t *testing.T, pdu *synlinksim.PDU, place string, value any) {
	t.Helper()
	if err := pdu.Set(place, value); err != nil {
		t.Fatal(err)
	}
}

// asks makes a reading and complains about other requests than these.
func asks(t *testing.T, pdu *synlinksim.PDU, c *Collector, want map[string]int) power.Device {
	t.Helper()
	before := pdu.Stats()
	d := read(t, c)
	synctest.Wait() // the stream may be connecting yet
	if diff := cmp.Diff(want, requests(before, pdu.Stats())); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	return d
}

// nothing is no requests.
var nothing = map[string]int{}

// TestAFrameAnswersProbes shows that the newest frame is what is answered, with
// its age, and that such a probe asks the PDU nothing.
func TestAFrameAnswersProbes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		c := open(t, n.streaming())
		first := once()
		first["/login"], first["/ws"] = 1, 1
		d := asks(t, pdu, c, first)
		if got := fmt.Sprint(d.Streamed, d.ReadingAge, d.Outlets[1].Extremes); got != "0 absent <nil>" {
			t.Errorf("before the first frame: %s", got)
		}
		wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == 1 })
		for i := range 5 {
			set(t, pdu, "outlets/1/currentRms", i)
			set(t, pdu, "device/uptime", 1000+i)
			tick(t, pdu)
			for age := 1; age <= 3; age++ {
				pass(time.Second)
				d := asks(t, pdu, c, nothing)
				o := d.Outlets[1]
				got := fmt.Sprintln(d.Streamed, d.ReadingAge, d.Uptimes[0].Uptime, o.Current, o.Name, o.RebootPending)
				if want := fmt.Sprintf("1 %d %d %d NAS Server 1 absent\n", age, 1000+i, i); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		}
	})
}
