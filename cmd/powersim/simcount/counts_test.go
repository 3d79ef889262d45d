package simcount_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/simcount"
)

// stats are the counts of a device.
type stats struct {
	simcount.Traffic
	Logins int
	Of     map[string]int
}

// Unshare gives a copy maps of its own.
func (st *stats) Unshare() {
	st.Traffic.Unshare()
	st.Of = maps.Clone(st.Of)
}

// none are counts that begin.
func none() *simcount.Counts[stats] {
	return simcount.New(stats{Traffic: simcount.NewTraffic(), Of: map[string]int{}})
}

// What is given away does not change, and changes nothing.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	c := none()
	edit := func(st *stats) {
		st.Logins++
		st.Of["a"]++
		st.Begin("GET /")
		st.Answers[200]++
	}
	c.Add(edit)
	got := c.Snapshot()
	edit(&got)
	c.Add(func(st *stats) { st.Logins += 5 })
	if now := c.Snapshot(); now.Logins != 6 || now.Of["a"] != 1 || now.Requests["GET /"] != 1 || now.Answers[200] != 1 || now.InFlight != 1 {
		t.Errorf("%+v", now)
	}
	if got.Logins != 2 || got.Of["a"] != 2 || got.Requests["GET /"] != 2 || got.MaxInFlight != 2 {
		t.Errorf("%+v", got)
	}
}

// Each change is looked at, until one is as wanted.
func TestWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, done := none(), make(chan error, 2)
		for _, want := range []int{1, 3} {
			go func() { done <- c.Wait(t.Context(), func(st stats) bool { return st.Logins == want }) }()
		}
		for _, waiting := range []int{2, 1, 1, 0} {
			synctest.Wait()
			if ended := 2 - waiting; len(done) != ended {
				t.Errorf("%d wait no more, not %d", len(done), ended)
			}
			c.Add(func(st *stats) { st.Logins++ })
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// Who waits for what never comes is told what came.
func TestWaitInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := none().Wait(ctx, func(stats) bool { return false })
		const want = "context deadline exceeded, and the counts are {Traffic:{Requests:map[] Answers:map[] InFlight:0 MaxInFlight:0 BytesOut:0} Logins:0 Of:map[]}"
		if !errors.Is(err, context.DeadlineExceeded) || err.Error() != want {
			t.Error(err)
		}
	})
}
