package probe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/config"
	"power_exporter/power"
)

// fleet is the configuration and the names of n targets.
func fleet(n int) (text string, names []string) {
	var b strings.Builder
	b.WriteString("targets:\n")
	for i := range n {
		name := fmt.Sprintf("rack-%d", i)
		names = append(names, name)
		fmt.Fprintf(&b, "  - {name: %s, address: ups%d, module: nut}\n", name, i)
	}
	return b.String(), names
}

// known is how many of the targets have known devices, and how many a result.
func (c *changing) known(names []string) (devices, results int) {
	for _, name := range names {
		if c.Results().Devices(name) != nil {
			devices++
		}
		if _, ok := c.Results().Target(name); ok {
			results++
		}
	}
	return devices, results
}

func TestDiscoverReadsEachTargetOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, names := fleet(100)
		c := newChanging(t, text)
		var readings, now, most atomic.Int32
		c.collect = func(context.Context) ([]power.Device, error) {
			readings.Add(1)
			for n := now.Add(1); ; {
				if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
					break
				}
			}
			defer now.Add(-1)
			<-time.After(time.Second)
			return []power.Device{device("a", 230)}, nil
		}
		start := time.Now()
		var both sync.WaitGroup
		for range 2 { // two Prometheus servers ask at the same time
			both.Go(func() { c.Discover(t.Context(), names, 10*time.Second) })
		}
		both.Wait()
		if devices, _ := c.known(names); devices != 100 || readings.Load() != 100 {
			t.Errorf("devices of %d targets are known after %d readings", devices, readings.Load())
		}
		if took := time.Since(start); most.Load() != discoverers || took != 4*time.Second {
			t.Errorf("%d at a time in %s, want %d in 4s", most.Load(), took, discoverers)
		}

		// What is known is not asked for again, and neither is what has failed.
		c.answers(errors.New("down"))
		c.Discover(t.Context(), append(names, "nosuch"), 10*time.Second)
		if readings.Load() != 100 {
			t.Errorf("%d readings", readings.Load())
		}
	})
}

func TestDiscoverDoesNotRepeatAFailure(t *testing.T) {
	text, names := fleet(3)
	c := newChanging(t, text)
	var readings atomic.Int32
	c.collect = func(context.Context) ([]power.Device, error) {
		readings.Add(1)
		return nil, errDown
	}
	for range 3 {
		c.Discover(t.Context(), names, time.Minute)
	}
	if devices, results := c.known(names); devices != 0 || results != 3 || readings.Load() != 3 {
		t.Errorf("devices of %d and results of %d targets after %d readings", devices, results, readings.Load())
	}
}

// TestDiscoverEndsInTime shows that targets that do not answer take no more
// than the time there is, and that those which were not begun are next time.
func TestDiscoverEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, names := fleet(3 * discoverers)
		c := newChanging(t, "modules: {nut: {timeout: 4s}}\n"+text)
		c.collect = func(ctx context.Context) ([]power.Device, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		for want := range 2 {
			start := time.Now()
			// The first and the second lot begin after 0 and 4 seconds, and a
			// third could only after 8.
			c.Discover(t.Context(), names, 10*time.Second)
			took := 8 * time.Second
			if want == 1 {
				took = 4 * time.Second
			}
			if devices, results := c.known(names); devices != 0 || results != (want+2)*discoverers || time.Since(start) != took {
				t.Errorf("devices of %d and results of %d targets after %s", devices, results, time.Since(start))
			}
		}

		text, names = fleet(1)
		c = newChanging(t, text)
		c.collect = func(ctx context.Context) ([]power.Device, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		start := time.Now()
		c.Discover(t.Context(), names, 2*time.Second)
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %s, want 2s", took)
		}
	})
}

// TestDiscoverForNobody shows that no probe is begun for somebody who has gone.
func TestDiscoverForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, names := fleet(2 * discoverers)
		c := newChanging(t, text)
		c.collect = func(context.Context) ([]power.Device, error) {
			<-time.After(time.Second)
			return []power.Device{device("a", 230)}, nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		c.Discover(ctx, names, 10*time.Second)
		if devices, results := c.known(names); devices != discoverers || results != discoverers {
			t.Errorf("devices of %d and results of %d targets, want those that were begun", devices, results)
		}
	})
}

// TestDiscoverSurvivesAPanic shows that a mistake costs one target and not the
// process.
func TestDiscoverSurvivesAPanic(t *testing.T) {
	text, names := fleet(2)
	f := newFixture(t, text, well)
	delete(f.kinds, "nut") // its New is nil then
	f.Discover(t.Context(), names, time.Minute)
	if log := f.log.String(); strings.Count(log, "probe panicked") != 2 || !strings.Contains(log, "target=rack-1") {
		t.Errorf("log: %s", log)
	}
	if err := f.discovering.Acquire(t.Context(), discoverers); err != nil {
		t.Error(err)
	}
}

// TestDiscoverIsNotHeldBackByWhoGaveUp shows that somebody who waits for the
// discovery that another has begun makes it, if the other one has gone.
func TestDiscoverIsNotHeldBackByWhoGaveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, names := fleet(1)
		c := newChanging(t, text)
		c.answers(nil, device("a", 230))
		if err := c.discovering.Acquire(t.Context(), discoverers); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var first, second sync.WaitGroup
		first.Go(func() { c.Discover(ctx, names, 10*time.Second) })
		synctest.Wait()
		second.Go(func() { c.Discover(t.Context(), names, 10*time.Second) })
		synctest.Wait()
		cancel()
		first.Wait()
		synctest.Wait()
		if devices, _ := c.known(names); devices != 0 {
			t.Error("discovered without a place")
		}
		c.discovering.Release(discoverers)
		second.Wait()
		if devices, _ := c.known(names); devices != 1 {
			t.Error("not discovered")
		}
	})
}

func TestSubjectQuery(t *testing.T) {
	for _, c := range []struct {
		subject Subject
		want    string
	}{
		{Subject{Name: "rack a&b", Address: "a:1", Module: "nut", Auth: "x"}, "target=rack+a%26b"},
		{Subject{Address: "a:1", Module: "nut"}, "module=nut&target=a%3A1"},
		{Subject{Address: "a:1", Module: "nut", Auth: "x"}, "auth=x&module=nut&target=a%3A1"},
		{Subject{Address: "ups-01", Module: config.PushModule}, "module=push&target=ups-01"},
		{Subject{Name: "a"}.ofDevice(""), "target=a"},
		{Subject{Name: "a"}.ofDevice("d&e"), "target=a&device=d%26e"},
		{Subject{Name: "a", Parameters: "ups=b"}.ofDevice("d"), "target=a&ups=b&device=d"},
	} {
		if got := c.subject.Query(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.subject, got, c.want)
		}
	}
}
