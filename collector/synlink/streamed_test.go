package synlink

import (
	"fmt"
	"strconv"
	"strings"
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

// TestASurgeBetweenProbes shows a surge that begins and ends between two
// probes to two readers, for as long as the window, and to neither after it.
func TestASurgeBetweenProbes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		o := n.streaming()
		o.Window = 30 * time.Second
		c := listening(t, pdu, o)
		frame := func(outlet, bank, inlet float64) {
			t.Helper()
			set(t, pdu, "outlets/1/currentRms", outlet)
			set(t, pdu, "banks/0/activePower", bank)
			set(t, pdu, "inlets/0/inletCurrentRms", inlet)
			tick(t, pdu)
			pass(framePeriod)
		}
		look := func(want string) {
			t.Helper()
			d := read(t, c)
			got := fmt.Sprint(d.Outlets[1].Current, *d.Outlets[1].Extremes, d.Circuits[0].Extremes.ActivePowerPeak, d.Circuits[0].Extremes.ActivePowerTrough,
				d.Inlets[0].Extremes.CurrentPeak, d.Inlets[0].Extremes.CurrentTrough)
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		frame(1, 200, 2)
		look("1 {1 1 absent absent} 200 200 2 2")
		frame(9, 1000, 0.5)
		frame(1, 200, 2)
		for range 2 { // each of two readers, twice
			look("1 {9 1 absent absent} 1000 200 2 0.5")
			look("1 {9 1 absent absent} 1000 200 2 0.5")
			frame(1, 200, 2)
		}
		for range 11 { // the surge was 6 s ago
			frame(2, 300, 3)
			look("2 {9 1 absent absent} 1000 200 3 0.5")
		}
		frame(2, 300, 3)
		look("2 {2 1 absent absent} 300 200 3 2")
		for range 3 {
			frame(2, 300, 3)
		}
		look("2 {2 2 absent absent} 300 300 3 3")

		// What is over is still to be seen where the stream has fallen silent.
		frame(7, 300, 3)
		frame(2, 300, 3)
		pass(silence)
		set(t, pdu, "outlets/1/currentRms", 3)
		look("3 {7 2 absent absent} 300 300 3 3")
		pass(30 * time.Second)
		if d := read(t, c); d.Outlets[1].Extremes != nil {
			t.Errorf("extremes %+v of frames that are long gone", d.Outlets[1].Extremes)
		}
	})
}

// TestWhatFramesDoNotTell shows what is asked for while frames come: once a
// minute what they do not tell, and everything each ten minutes, however many
// servers scrape.
func TestWhatFramesDoNotTell(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
		c := listening(t, pdu, n.streaming())
		pass(time.Second)
		slow := once("inlets", "banks", "outlets", "sensors")
		for minute := 1; minute <= 25; minute++ {
			for range 11 {
				pass(5 * time.Second)
				asks(t, pdu, c, nothing)
			}
			set(t, pdu, "groups/0/groupName", fmt.Sprint("group ", minute))
			set(t, pdu, "outlets/0/outletName", fmt.Sprint("outlet ", minute))
			set(t, pdu, "events/0/triggered", minute%2 == 0)
			pass(5 * time.Second)
			want := slow
			if minute%10 == 0 {
				want = once()
			}
			d := asks(t, pdu, c, want)
			got := fmt.Sprint(d.Groups[0].Name, ", ", d.Outlets[0].Name, ", ", d.Alarms[0].Active)
			name := "Outlet 1"
			if minute >= 10 {
				name = fmt.Sprint("outlet ", minute/10*10)
			}
			if want := fmt.Sprintf("group %d, %s, %d", minute, name, 1-minute%2); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		if stats := pdu.Stats(); stats.Logins != 1 || stats.Requests["/ws"] != 1 || stats.MaxInFlight > 2 {
			t.Errorf("%+v", stats)
		}
	})
}

// TestASlowPartFails shows that a failure of what frames do not tell is told
// once, costs nothing of the frames, and is not repeated within the minute.
func TestASlowPartFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
		c := listening(t, pdu, n.streaming())
		pdu.SetFault("/api/groups", synlinksim.Fault{Status: 500})
		pdu.SetFault("/api/device", synlinksim.Fault{Status: 500})
		pass(time.Minute + time.Second)
		for i, want := range []string{
			"reading device: GET http://pdu.example.net/api/device: 500 Internal Server Error\n" +
				"reading groups: GET http://pdu.example.net/api/groups: 500 Internal Server Error", "", "",
		} {
			devices, err := collect(t, c)
			wantError(t, err, want)
			if d := devices[0]; d.Streamed != power.Boolean(true) || len(d.Outlets) != 36 || len(d.Groups) > 0 || d.Serial != "1024122712" || len(d.Uptimes) != 1 {
				t.Errorf("reading %d: %+v", i, d)
			}
			pass(time.Second)
		}
		pdu.SetFault("/api/groups", synlinksim.Fault{})
		pdu.SetFault("/api/device", synlinksim.Fault{})
		pass(time.Minute)
		if d := read(t, c); len(d.Groups) != 2 {
			t.Errorf("%d groups", len(d.Groups))
		}
	})
}

// TestOnlyWhatIsWanted shows that parts of frames are left out with their
// endpoints, and that a firmware which lacks the others is no failure.
func TestOnlyWhatIsWanted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
		o := n.streaming()
		o.Endpoints = []string{"banks", "groups"}
		pdu.SetFault("/api/groups", synlinksim.Fault{Status: 404})
		c := listening(t, pdu, o)
		for range 3 {
			pass(time.Minute + time.Second)
			d := asks(t, pdu, c, map[string]int{"/api/groups": 1})
			if d.Streamed != power.Boolean(true) || len(d.Circuits) != 3 || len(d.Inlets)+len(d.Outlets)+len(d.Sensors)+len(d.Uptimes) > 0 {
				t.Errorf("%+v", d)
			}
		}
	})
}

// TestAPartThatFramesLose shows that nothing old passes for new: a part that
// was in frames and no longer is, is asked for at once.
func TestAPartThatFramesLose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		c := listening(t, pdu, n.streaming())
		tick(t, pdu)
		if d := asks(t, pdu, c, nothing); len(d.Sensors) != 1 {
			t.Fatalf("%d sensors", len(d.Sensors))
		}
		if err := pdu.SetReply("sensors", "[]"); err != nil {
			t.Fatal(err)
		}
		tick(t, pdu)
		if d := asks(t, pdu, c, once("inlets", "banks", "outlets")); len(d.Sensors) > 0 || len(d.Outlets) != 8 {
			t.Errorf("sensors are %+v", d.Sensors)
		}
		tick(t, pdu)
		asks(t, pdu, c, nothing)
	})
}

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
		{"large", synlinksim.StreamFault{Size: 1 << 20}, ""},
		{"binary", synlinksim.StreamFault{Binary: true}, ""},
		{"several", synlinksim.StreamFault{Flood: maxBurst}, ""},
		{"stall", synlinksim.StreamFault{Stall: true}, "opening the stream: no frame in 10s"},
		{"too large", synlinksim.StreamFault{Size: 1<<20 + 2}, "opening the stream: a message is larger than 1 MiB"},
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

// TestAHugeFrame shows that a frame of 100 MB is not even read.
func TestAHugeFrame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		c := listening(t, pdu, n.streaming())
		tick(t, pdu)
		pdu.SetStreamFault(synlinksim.StreamFault{Size: 100 << 20})
		pdu.Tick()
		pass(time.Second / 4)
		_, err := c.feed.newest()
		wantError(t, err, "reading the stream: a message is larger than 1 MiB")
		if stats := pdu.Stats(); stats.Frames != 1 {
			t.Errorf("%d frames were taken", stats.Frames)
		}
		asks(t, pdu, c, nothing) // since the last frame is still fresh
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

// TestTheSessionOfTheStream shows that a stream whose session has ended costs
// one log-in, and no more than a frame.
func TestTheSessionOfTheStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		c := listening(t, pdu, n.streaming())
		for i := range 5 {
			pass(30 * time.Second)
			pdu.ExpireSessions()
			pass(2*framePeriod + firstBackoff)
			d := read(t, c)
			if stats := pdu.Stats(); stats.Logins != i+2 || stats.Streams != 1 || d.Streamed != power.Boolean(true) {
				t.Errorf("streamed is %s, %+v", d.Streamed, stats)
			}
		}
	})
}

// TestTheSessionIsWantedBefore shows the same for a PDU that looks at the
// session before there is a stream.
func TestTheSessionIsWantedBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		listening(t, pdu, n.streaming())
		pass(time.Minute)
		pdu.SetFault("/ws", synlinksim.Fault{Status: 401, Times: 1})
		pdu.DropStreams()
		pass(firstBackoff)
		if stats := pdu.Stats(); stats.Logins != 2 || stats.Streams != 1 {
			t.Errorf("%+v", stats)
		}
	})
}

// TestAStreamThatIsRefused shows that a session which the stream does not take
// costs no log-in each time, and requests nothing.
func TestAStreamThatIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		pdu.SetFault("/ws", synlinksim.Fault{Status: 401})
		c := open(t, n.streaming())
		for range 60 {
			read(t, c)
			pass(time.Minute)
		}
		_, err := c.feed.newest()
		wantError(t, err, "opening the stream: GET http://pdu.example.net/ws: 401 Unauthorized")
		if stats := pdu.Stats(); stats.Logins > 1+60/10 {
			t.Errorf("%+v", stats)
		}
	})
}

// TestBackoff counts how often a stream is tried within an hour that cannot be
// had.
func TestBackoff(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		harm  func(*synlinksim.PDU, *network)
		tries func(*synlinksim.PDU, *network) int64
		most  int64
		want  string
	}{
		"no such path": {
			func(pdu *synlinksim.PDU, _ *network) { pdu.SetFault("/ws", synlinksim.Fault{Status: 404}) },
			func(pdu *synlinksim.PDU, _ *network) int64 { return int64(pdu.Stats().Requests["/ws"]) },
			126, "opening the stream: GET http://pdu.example.net/ws: 404 Not Found",
		},
		"nobody there": {
			func(_ *synlinksim.PDU, n *network) { n.down.Store(true); n.cut() },
			func(_ *synlinksim.PDU, n *network) int64 { return n.refused.Load() },
			126, "opening the stream: GET http://pdu.example.net/ws: dial tcp: connection refused",
		},
		"dropped at once": {
			func(pdu *synlinksim.PDU, _ *network) {
				pdu.SetFault("/ws", synlinksim.Fault{Body: []byte("{}")})
			},
			func(pdu *synlinksim.PDU, _ *network) int64 { return int64(pdu.Stats().Requests["/ws"]) },
			126, "opening the stream: GET http://pdu.example.net/ws: 200 OK",
		},
		"floods": {
			func(pdu *synlinksim.PDU, _ *network) {
				pdu.SetStreamFault(synlinksim.StreamFault{Flood: 1000})
			},
			func(pdu *synlinksim.PDU, _ *network) int64 { return int64(pdu.Stats().Requests["/ws"]) },
			126, "reading the stream: more than 20 messages in 2s: the PDU sends one",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				c := open(t, n.streaming())
				read(t, c)
				pass(time.Minute)
				tt.harm(pdu, n)
				if name != "nobody there" {
					pdu.DropStreams()
				}
				before := tt.tries(pdu, n)
				pass(time.Hour)
				_, err := c.feed.newest()
				wantError(t, err, tt.want)
				if tries := tt.tries(pdu, n) - before; tries < 60 || tries > tt.most {
					t.Errorf("tried %d times in an hour, want 60 to %d", tries, tt.most)
				}
			})
		})
	}
}

// TestAStreamThatIsCutNowAndThen shows that a stream which was good is had
// again at once, hardly anybody having noticed.
func TestAStreamThatIsCutNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		c := listening(t, pdu, n.streaming())
		pass(time.Minute)
		for range 10 {
			pdu.DropStreams()
			pass(firstBackoff + framePeriod)
			if d := read(t, c); d.Streamed != power.Boolean(true) {
				t.Error("it is not had again")
			}
			pass(patience + framePeriod)
		}
	})
}
