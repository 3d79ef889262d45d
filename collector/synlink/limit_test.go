package synlink

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
)

// TestTwoAtATime reads PDUs that cannot bear a third request, while their
// sessions end: they never get one, and the connections are kept.
func TestTwoAtATime(t *testing.T) {
	t.Parallel()
	for _, reset := range []bool{false, true} {
		for name, tt := range map[string]struct {
			access      Access
			connections int64
		}{
			"token": {Access{Token: synlinksim.AdminToken}, 2},
			// A PDU closes the connection after a log-in, and another takes its place.
			"session": {loggedIn(), 2 + 2*3},
		} {
			t.Run(fmt.Sprintf("%s %v", name, reset), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					pdu, n := playInBubble(t, synlinksim.Options{
						MaxRequests: 2, OverloadReset: reset, SessionLife: 4 * time.Minute,
					}, "rack36")
					for _, endpoint := range endpoints {
						pdu.SetFault("/api/"+endpoint, synlinksim.Fault{Delay: time.Millisecond})
					}
					o := n.options()
					o.Access = tt.access
					c := open(t, o)
					for range 10 {
						read(t, c)
						pass(time.Minute)
					}
					stats := pdu.Stats()
					if stats.Overloaded > 0 || stats.MaxInFlight != 2 {
						t.Errorf("%+v", stats)
					}
					if made := n.dialled.Load(); made > tt.connections {
						t.Errorf("%d connections, want %d at most", made, tt.connections)
					}
				})
			})
		}
	}
}

// TestTheGateIsShared reads a PDU by several collectors at a time.
func TestTheGateIsShared(t *testing.T) {
	t.Parallel()
	pdu, base := play(t, synlinksim.Options{MaxRequests: 2}, "rack36")
	pool := collector.NewPool(nil, func() { t.Error("panic") })
	t.Cleanup(pool.Clear)
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			o := options(base)
			if i%2 == 0 {
				o.Access = loggedIn()
			}
			result := pool.Read(t.Context(), source(strconv.Itoa(i), o), timeout, nil)
			if result.Err != nil || len(result.Devices) != 1 {
				t.Errorf("%d devices, %v", len(result.Devices), result.Err)
			}
		})
	}
	all.Wait()
	if stats := pdu.Stats(); stats.Overloaded > 0 || stats.MaxInFlight > 2 {
		t.Errorf("%+v", stats)
	}
}

// TestTheStreamPassesTheGate shows that the request of a WebSocket waits for
// others, and gives its place back once the stream is open.
func TestTheStreamPassesTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		gate := collector.NewGate(2)
		c := New(n.streaming(), gate)
		defer c.Close()
		enter := func() func() {
			leave, err := gate.Enter(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return leave
		}
		leave := enter()
		read(t, c)
		pass(time.Second)
		pdu.DropStreams()
		second := enter()
		pass(time.Minute)
		if asked := pdu.Stats().Requests["/ws"]; asked != 1 {
			t.Errorf("%d requests for the stream while others had all places", asked)
		}
		second()
		pass(time.Minute)
		if stats := pdu.Stats(); stats.Streams != 1 {
			t.Errorf("%+v", stats)
		}
		enter()() // the place is free while the stream is open
		leave()
	})
}

// source is a PDU to be read by a pool.
func source(key string, o Options) collector.Source {
	return collector.Source{
		Key: key, Device: o.Base.Host, MaxConcurrency: 2,
		New: func(gate *collector.Gate) collector.Collector { return New(o, gate) },
	}
}
