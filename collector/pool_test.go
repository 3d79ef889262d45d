package collector

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a collector that does what it is told.
type fake struct {
	collect func(context.Context) ([]power.Device, error)
	closed  atomic.Int32
}

func (f *fake) Collect(ctx context.Context) ([]power.Device, error) { return f.collect(ctx) }

func (f *fake) Close() error {
	f.closed.Add(1)
	return nil
}

// slow takes so long, or until it is told to stop, and counts its readings.
func slow(count *atomic.Int32, takes time.Duration) *fake {
	return &fake{collect: func(ctx context.Context) ([]power.Device, error) {
		n := count.Add(1)
		devices := []power.Device{{ID: strconv.Itoa(int(n)), Up: true}}
		timer := time.NewTimer(takes)
		defer timer.Stop()
		select {
		case <-timer.C:
			return devices, nil
		case <-ctx.Done():
			return devices, ctx.Err()
		}
	}}
}

// pass lets time go by in a bubble.
func pass(d time.Duration) { <-time.After(d) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func source(key string, c Collector) Source {
	return Source{Key: key, Device: key, MaxConcurrency: 1, New: func(*Gate) Collector { return c }}
}

func TestSimultaneousProbesShareOneReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		p, s := NewPool(quiet(), func() {}), source("a", slow(&count, time.Second))
		results := make(chan Result, 10)
		for range cap(results) {
			go func() { results <- p.Read(t.Context(), s, 10*time.Second, quiet()) }()
		}
		fresh := 0
		for range cap(results) {
			r := <-results
			if r.Err != nil || len(r.Devices) != 1 || r.Devices[0].ID != "1" {
				t.Errorf("got %+v", r)
			}
			if !r.Cached {
				fresh++
			}
		}
		if fresh != 1 || count.Load() != 1 {
			t.Errorf("%d readings, %d of the results are fresh; want 1 and 1", count.Load(), fresh)
		}
		if r := p.Read(t.Context(), s, 10*time.Second, quiet()); r.Cached || r.Devices[0].ID != "2" {
			t.Errorf("a later probe got %+v, want a reading of its own", r)
		}
	})
}

// TestTheOthersOutliveTheFirst shows that a reading goes on when whoever began
// it has gone.
func TestTheOthersOutliveTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		p, s := NewPool(quiet(), func() {}), source("a", slow(&count, time.Second))
		first, leave := context.WithCancel(t.Context())
		gone := make(chan Result, 1)
		go func() { gone <- p.Read(first, s, 10*time.Second, quiet()) }()
		synctest.Wait()
		second := make(chan Result, 1)
		go func() { second <- p.Read(t.Context(), s, 10*time.Second, quiet()) }()
		synctest.Wait()
		leave()
		if r := <-gone; !errors.Is(r.Err, context.Canceled) {
			t.Errorf("who left got %+v", r)
		}
		if r := <-second; r.Err != nil || !r.Cached || r.Devices[0].ID != "1" {
			t.Errorf("who stayed got %+v", r)
		}
	})
}

// TestAnImpatientFirst shows that a probe with more time than the one whose
// reading it shares is not held to the shorter time, and that one with hardly
// more gets the partial reading rather than nothing.
func TestAnImpatientFirst(t *testing.T) {
	for _, c := range []struct {
		name    string
		second  time.Duration
		cached  bool
		success bool
	}{
		{"much more time", 10 * time.Second, false, true},
		{"hardly more time", 1100 * time.Millisecond, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var count atomic.Int32
				p, s := NewPool(quiet(), func() {}), source("a", slow(&count, 2*time.Second))
				first := make(chan Result, 1)
				go func() { first <- p.Read(t.Context(), s, time.Second, quiet()) }()
				synctest.Wait()
				second := p.Read(t.Context(), s, c.second, quiet())
				if r := <-first; r.Err == nil || len(r.Devices) != 1 {
					t.Errorf("the first got %+v, want what could be read in time", r)
				}
				if second.Cached != c.cached || (second.Err == nil) != c.success || len(second.Devices) != 1 {
					t.Errorf("the second got %+v", second)
				}
			})
		})
	}
}

// TestACollectorThatDoesNotListen shows that nobody waits for a collector which
// ignores its deadline, and that nobody starts a second one beside it.
func TestACollectorThatDoesNotListen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var count atomic.Int32
		p, s := NewPool(quiet(), func() {}), source("a", &fake{collect: func(context.Context) ([]power.Device, error) {
			count.Add(1)
			<-release
			return nil, nil
		}})
		for range 3 {
			start := time.Now()
			r := p.Read(t.Context(), s, time.Second, quiet())
			if !errors.Is(r.Err, context.DeadlineExceeded) || time.Since(start) != time.Second+grace {
				t.Errorf("after %s: %+v", time.Since(start), r)
			}
		}
		if count.Load() != 1 {
			t.Errorf("%d readings at once", count.Load())
		}
		close(release)
		synctest.Wait()
	})
}

func TestPanicIsAnError(t *testing.T) {
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	panics := 0
	p, s := NewPool(quiet(), func() { panics++ }), source("a", &fake{collect: func(context.Context) ([]power.Device, error) {
		var none []power.Device
		return none[:1], nil
	}})
	for range 2 { // the second shows that the first did no lasting harm
		r := p.Read(t.Context(), s, time.Second, logger)
		if !errors.Is(r.Err, ErrPanic) || !strings.Contains(r.Err.Error(), "slice bounds out of range") {
			t.Errorf("error is %v", r.Err)
		}
	}
	if panics != 2 {
		t.Errorf("%d panics counted, want 2", panics)
	}
	if !strings.Contains(log.String(), "pool_test.go") {
		t.Errorf("the log does not say where: %s", log.String())
	}
}

func TestCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		fails := false
		p := NewPool(quiet(), func() {})
		s := source("a", &fake{collect: func(context.Context) ([]power.Device, error) {
			id := strconv.Itoa(int(count.Add(1)))
			if fails {
				return []power.Device{{ID: id}}, errors.New("broken")
			}
			return []power.Device{{ID: id}}, nil
		}})
		s.CacheTTL = time.Minute
		step := func(id string, cached, success bool) {
			t.Helper()
			r := p.Read(t.Context(), s, time.Second, quiet())
			if r.Devices[0].ID != id || r.Cached != cached || (r.Err == nil) != success {
				t.Errorf("got %+v, want reading %s, cached %v, success %v", r, id, cached, success)
			}
		}
		step("1", false, true)
		pass(59 * time.Second)
		step("1", true, true)
		pass(time.Second)
		fails = true
		step("2", false, false)
		step("3", false, false) // a failure is not kept
		fails = false
		step("4", false, true)
		step("4", true, true)
	})
}

// TestWhatACollectorKept shows that a reading which a collector has kept is as
// old as it says, and is not kept once more.
func TestWhatACollectorKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, count := NewPool(quiet(), func() {}), 0
		pass(time.Hour)
		s := source("a", &fake{collect: func(ctx context.Context) ([]power.Device, error) {
			count++
			Kept(ctx, time.Now().Add(-time.Minute))
			Kept(ctx, time.Now().Add(-2*time.Minute))
			Kept(ctx, time.Now())
			return []power.Device{{ID: "a"}}, nil
		}})
		s.CacheTTL = time.Hour
		for range 2 {
			r := p.Read(t.Context(), s, time.Second, quiet())
			if age := time.Since(r.Taken); !r.Cached || age != 2*time.Minute || r.Err != nil {
				t.Errorf("cached %v, %s old, %v", r.Cached, age, r.Err)
			}
		}
		if count != 2 {
			t.Errorf("%d readings, want each probe to ask the collector", count)
		}
	})
	Kept(t.Context(), time.Now()) // outside a reading it goes nowhere
}

func TestGuard(t *testing.T) {
	err := Guard(t.Context(), func() error { panic("oh no") })
	if !errors.Is(err, ErrPanic) || err.Error() != "panic: oh no" {
		t.Errorf("error is %v", err)
	}
	if err := Guard(t.Context(), func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("error is %v", err)
	}
}

func TestCollectorsAreKeptAndForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		made := 0
		c := slow(&count, time.Second)
		p := NewPool(quiet(), func() {})
		s := source("a", c)
		s.New = func(*Gate) Collector {
			made++
			return c
		}
		read := func() { p.Read(t.Context(), s, 10*time.Second, quiet()) }

		read()
		pass(idleTime / 2)
		read()
		if made != 1 {
			t.Errorf("made %d collectors, want it to be kept", made)
		}
		pass(idleTime)
		p.Read(t.Context(), source("b", slow(&count, 0)), time.Second, quiet())
		if c.closed.Load() != 1 || len(p.gates) != 1 {
			t.Errorf("closed %d times, %d gates left; want 1 and 1", c.closed.Load(), len(p.gates))
		}
		read()
		if made != 2 {
			t.Errorf("made %d collectors, want a new one after the old was forgotten", made)
		}

		// One that is being used is forgotten at once and closed afterwards.
		go read()
		synctest.Wait()
		p.Clear()
		if c.closed.Load() != 1 {
			t.Error("closed while a reading was under way")
		}
		pass(2 * time.Second)
		if c.closed.Load() != 2 {
			t.Error("not closed after its reading")
		}
		if len(p.entries)+len(p.gates)+p.recent.Len() != 0 {
			t.Errorf("left behind: %d entries, %d gates", len(p.entries), len(p.gates))
		}

		// What was made of an old configuration is used once and not kept.
		read()
		if c.closed.Load() != 3 || len(p.entries) != 0 {
			t.Errorf("closed %d times, %d entries", c.closed.Load(), len(p.entries))
		}
		s.Epoch = p.Epoch()
		read()
		if len(p.entries) != 1 {
			t.Errorf("%d entries, want 1", len(p.entries))
		}
	})
}

// TestGateIsPerDevice shows that readings of one device wait for each other
// whatever their keys, and that those of different devices do not.
func TestGateIsPerDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPool(quiet(), func() {})
		gated := func(key, device string) Source {
			return Source{Key: key, Device: device, MaxConcurrency: 1, New: func(g *Gate) Collector {
				return &fake{collect: func(ctx context.Context) ([]power.Device, error) {
					leave, err := g.Enter(ctx)
					if err != nil {
						return nil, err
					}
					defer leave()
					pass(time.Second)
					return nil, nil
				}}
			}}
		}
		start := time.Now()
		var all sync.WaitGroup
		for _, s := range []Source{gated("1", "a"), gated("2", "a"), gated("3", "a"), gated("4", "b")} {
			all.Go(func() {
				if r := p.Read(t.Context(), s, time.Minute, quiet()); r.Err != nil {
					t.Error(r.Err)
				}
			})
		}
		all.Wait()
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("took %s, want three readings of a one after the other: 3s", took)
		}

		go p.Read(t.Context(), gated("1", "a"), time.Minute, quiet())
		synctest.Wait()
		r := p.Read(t.Context(), gated("2", "a"), 500*time.Millisecond, quiet())
		if !errors.Is(r.Err, context.DeadlineExceeded) || !strings.Contains(r.Err.Error(), "waiting for other requests to the device") {
			t.Errorf("error is %v", r.Err)
		}
		pass(time.Second)
	})
}

// TestReloadsKeepTheLimit shows that the limit of a device holds across
// reloads, although each makes new collectors while the old ones still read.
func TestReloadsKeepTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPool(quiet(), func() {})
		var now, most atomic.Int32
		s := Source{Key: "a", Device: "a", MaxConcurrency: 1, New: func(g *Gate) Collector {
			return &fake{collect: func(ctx context.Context) ([]power.Device, error) {
				leave, err := g.Enter(ctx)
				if err != nil {
					return nil, err
				}
				defer leave()
				most.Store(max(most.Load(), now.Add(1)))
				pass(time.Second)
				now.Add(-1)
				return nil, nil
			}}
		}}
		var all sync.WaitGroup
		for range 3 {
			s.Epoch = p.Epoch()
			for _, stale := range []int{0, 1} {
				s.Epoch -= stale
				all.Go(func() { p.Read(t.Context(), s, time.Minute, quiet()) })
				synctest.Wait()
			}
			p.Clear()
		}
		all.Wait()
		if most.Load() != 1 || len(p.gates) != 0 {
			t.Errorf("%d readings at a time, %d gates left; want 1 and 0", most.Load(), len(p.gates))
		}
	})
}

// TestAnExpiredReadingThatSucceededIsServed shows that a reading which ends
// just after its deadline, and is whole, is kept and shared like any other.
func TestAnExpiredReadingThatSucceededIsServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		p, s := NewPool(quiet(), func() {}), source("a", &fake{collect: func(ctx context.Context) ([]power.Device, error) {
			count.Add(1)
			<-ctx.Done()
			return nil, nil
		}})
		s.CacheTTL = time.Hour
		p.Read(t.Context(), s, time.Second, quiet())
		if r := p.Read(t.Context(), s, time.Minute, quiet()); !r.Cached || r.Err != nil || count.Load() != 1 {
			t.Errorf("got %+v after %d readings", r, count.Load())
		}
	})
}

func TestManyTargetsAreBounded(t *testing.T) {
	p := NewPool(quiet(), func() {})
	c := &fake{collect: func(context.Context) ([]power.Device, error) { return nil, nil }}
	for i := range maxCollectors + 10 {
		p.leave(p.enter(source(strconv.Itoa(i), c)))
	}
	if len(p.entries) != maxCollectors || len(p.gates) != maxCollectors || c.closed.Load() != 10 {
		t.Errorf("%d entries, %d gates, %d closed", len(p.entries), len(p.gates), c.closed.Load())
	}
}

func TestWhatAReadingRecords(t *testing.T) {
	p := NewPool(quiet(), func() {})
	var log strings.Builder
	r := p.Read(t.Context(), source("a", &fake{collect: func(ctx context.Context) ([]power.Device, error) {
		Record(ctx, Request{Name: "first", Bytes: 7})
		Record(ctx, Request{Name: "second", Err: io.EOF})
		Logger(ctx).Info("so far so good")
		return []power.Device{{ID: "x"}, {ID: "x"}}, nil
	}}), time.Second, slog.New(slog.NewTextHandler(&log, nil)))
	if len(r.Requests) != 2 || r.Requests[0].Bytes != 7 || !errors.Is(r.Requests[1].Err, io.EOF) {
		t.Errorf("requests %+v", r.Requests)
	}
	if len(r.Mended) != 1 || r.Devices[1].ID != "x#2" {
		t.Errorf("devices %+v, mended %v", r.Devices, r.Mended)
	}
	if !strings.Contains(log.String(), "so far so good") {
		t.Errorf("log %q", log.String())
	}

	// Outside a reading both go nowhere.
	Record(t.Context(), Request{})
	Logger(t.Context()).Info("nobody listens")
}
