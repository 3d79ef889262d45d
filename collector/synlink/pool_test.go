package synlink

import (
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
	"power_exporter/power"
)

// TestManyColdProbes probes a PDU that nobody has read before a hundred times at
// once: one reading, one log-in.
func TestManyColdProbes(t *testing.T) {
	t.Parallel()
	for _, stream := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
			for _, endpoint := range endpoints {
				pdu.SetFault("/api/"+endpoint, synlinksim.Fault{Delay: 10 * time.Millisecond})
			}
			pdu.SetFault("/login", synlinksim.Fault{Delay: 10 * time.Millisecond})
			pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
			defer pool.Clear()
			o := n.options()
			o.Access, o.Stream = loggedIn(), stream
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					result := pool.Read(t.Context(), source("one", o), timeout, nil)
					if result.Err != nil || len(result.Devices) != 1 || len(result.Devices[0].Outlets) != 36 {
						t.Errorf("%d devices, %v", len(result.Devices), result.Err)
					}
				})
			}
			all.Wait()
			want := once()
			want["/login"] = 1
			got := requests(synlinksim.Stats{}, pdu.Stats())
			for path, n := range want {
				if got[path] != n {
					t.Errorf("%d requests of %s, want %d", got[path], path, n)
				}
			}
			if stats := pdu.Stats(); stats.Logins != 1 || stats.Sessions != 1 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

// TestAnAnswerThatMakesNoSenseIsAFailedRequest looks at what is recorded of a web
// page in place of JSON.
func TestAnAnswerThatMakesNoSenseIsAFailedRequest(t *testing.T) {
	t.Parallel()
	pdu, base := play(t, synlinksim.Options{}, "rack36")
	pdu.SetFault("/api/outlets", synlinksim.Fault{Body: []byte(synlinksim.HTMLPage), ContentType: "text/html"})
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
	defer pool.Clear()
	for _, r := range pool.Read(t.Context(), source("one", options(base)), timeout, nil).Requests {
		if failed := r.Name == "GET /api/outlets"; failed != (r.Err != nil) {
			t.Errorf("%s: %v", r.Name, r.Err)
		}
	}
}

// TestTheStreamEndsWithTheCollector closes collectors at each stage of their
// streams. A goroutine that stays would fail the bubble.
func TestTheStreamEndsWithTheCollector(t *testing.T) {
	t.Parallel()
	for name, stage := range map[string]func(pdu *synlinksim.PDU, n *network, probe func()){
		"unused":    func(*synlinksim.PDU, *network, func()) {},
		"at once":   func(_ *synlinksim.PDU, _ *network, probe func()) { probe() },
		"streaming": func(_ *synlinksim.PDU, _ *network, probe func()) { probe(); pass(time.Minute) },
		"stalled": func(pdu *synlinksim.PDU, _ *network, probe func()) {
			pdu.SetStreamFault(synlinksim.StreamFault{Stall: true})
			probe()
			pass(5 * time.Second)
		},
		"between attempts": func(_ *synlinksim.PDU, n *network, probe func()) {
			probe()
			n.down.Store(true)
			n.cut()
			pass(10 * time.Minute)
		},
		"logging in": func(pdu *synlinksim.PDU, _ *network, probe func()) {
			pdu.SetFault("/login", synlinksim.Fault{Delay: time.Hour})
			probe()
			pass(time.Second)
		},
		"opening": func(pdu *synlinksim.PDU, _ *network, probe func()) {
			pdu.SetFault("/ws", synlinksim.Fault{Delay: time.Hour})
			probe()
			pass(time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				c := New(n.streaming(), collector.NewGate(2))
				stage(pdu, n, func() {
					devices, err := collect(t, c)
					if read := err == nil && len(devices) == 1; read == (name == "logging in") {
						t.Errorf("%d devices, %v", len(devices), err)
					}
				})
				begun := time.Now()
				if err := c.Close(); err != nil {
					t.Error(err)
				}
				if took := time.Since(begun); took > 0 {
					t.Errorf("it took %s", took)
				}
				wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 0 && s.Streams == 0 })
				before := total(pdu.Stats())
				pass(time.Hour)
				if n := total(pdu.Stats()) - before; n > 0 {
					t.Errorf("%d requests after the end", n)
				}
			})
		})
	}
}

// TestTheStreamEndsWithEviction shows that a PDU which nobody probes any more
// is let go.
func TestTheStreamEndsWithEviction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
		probe := func(key string, o Options) power.Device {
			t.Helper()
			result := pool.Read(t.Context(), source(key, o), timeout, nil)
			if result.Err != nil {
				t.Fatal(result.Err)
			}
			return result.Devices[0]
		}
		probe("streamed", n.streaming())
		for i := range 12 {
			streams := 1
			if i >= 10 {
				streams = 0
			}
			probe("other", n.options())
			wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == streams })
			pass(time.Minute)
		}
		probe("streamed", n.streaming())
		pass(time.Minute)
		if d := probe("streamed", n.streaming()); d.Streamed != power.Boolean(true) {
			t.Error("it is not streamed again")
		}
		pool.Clear()
		wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 0 })
	})
}

// TestReadingWhileFramesCome makes readings at the very moments at which frames
// come, sessions end and streams break: the race detector looks on.
func TestReadingWhileFramesCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{SessionLife: time.Minute}, "rack36")
		o := n.streaming()
		o.Window = time.Minute
		c := open(t, o)
		live := synlinksim.NewLive(pdu, 1)
		streamed := 0
		for i := range 100 {
			live.Step(time.Now())
			if i%20 == 0 {
				pdu.DropStreams()
			}
			d := read(t, c)
			if len(d.Outlets) != 36 || len(d.Circuits) != 3 {
				t.Fatalf("%+v", d)
			}
			if d.Streamed == power.Boolean(true) {
				streamed++
			}
			pass(framePeriod)
		}
		if streamed < 60 {
			t.Errorf("streamed %d times of 100", streamed)
		}
	})
}

// TestSeveralStreams shows that collectors of one PDU do not disturb each other.
func TestSeveralStreams(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
		defer pool.Clear()
		for range 3 {
			for i := range 5 {
				if result := pool.Read(t.Context(), source(strconv.Itoa(i), n.streaming()), timeout, nil); result.Err != nil {
					t.Error(result.Err)
				}
			}
			pass(5 * time.Second)
		}
		if stats := pdu.Stats(); stats.Streams != 5 || stats.Logins != 5 || stats.Requests["/api/device"] != 5 {
			t.Errorf("%+v", stats)
		}
	})
}
