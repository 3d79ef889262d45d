package receiver

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

var errDisk = errors.New("no space left on device")

// TestPushesShareACommit counts commits: while one is under way, all other
// pushes wait, and the next commit takes them together.
func TestPushesShareACommit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		gate := make(chan struct{})
		st.hold(gate)
		s := openOn(t, st, Options{})
		const n = 500
		done := make(chan error, n+1)
		update := func(i int) {
			go func() { done <- s.Update(t.Context(), fakeKey(strconv.Itoa(i)), reading("x", float64(i))) }()
		}
		update(0)
		synctest.Wait() // in its commit
		for i := range n {
			update(i + 1)
		}
		synctest.Wait()
		if len(done) != 0 || s.Len() != 0 {
			t.Errorf("%d pushes are acknowledged and %d shown before anything is on disk", len(done), s.Len())
		}
		gate <- struct{}{}
		synctest.Wait()
		if len(done) != 1 || s.Len() != 1 {
			t.Errorf("%d pushes are acknowledged and %d shown after the first commit, want 1", len(done), s.Len())
		}
		gate <- struct{}{}
		for range n + 1 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if !slices.Equal(st.batches, []int{1, n}) {
			t.Errorf("the commits had %v pushes, want 1 and %d", st.batches, n)
		}
		closeStore(t, s)
	})
}

// TestOneDeviceAtATime shows that two pushes of one device do not lose each
// other's change.
func TestOneDeviceAtATime(t *testing.T) {
	t.Parallel()
	s := openOn(t, newMemory(), Options{})
	done := make(chan error)
	const n = 99 // less than a flood
	for i := range n {
		go func() {
			done <- s.Update(t.Context(), fakeKey("a"), func(e *Entry, now time.Time) error {
				e.Events.Count(Origin{Ord: int64(i)}, EventRecord{Code: "E", At: now})
				return nil
			})
		}()
	}
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if d, _ := s.Device("a"); d.Events[0].Total.String() != strconv.Itoa(n) {
		t.Errorf("%s events are counted, want %d", d.Events[0].Total, n)
	}
}

func TestADiskThatFails(t *testing.T) {
	t.Parallel()
	var log logText
	st := newMemory()
	s := openOn(t, st, Options{Logger: log.logger()})
	push(t, s, fakeKey("a"), reading("x", 1))
	st.fail(errDisk)
	for _, device := range []string{"a", "b", "a"} {
		err := s.Update(t.Context(), fakeKey(device), reading("x", 2))
		if !errors.Is(err, ErrStorage) || !errors.Is(err, errDisk) || err.Error() != "storing pushes: no space left on device" {
			t.Errorf("error is %v", err)
		}
	}
	if got := voltage(t, s, "a"); got != "1" || s.Len() != 1 {
		t.Errorf("%d devices, the first shows %s V: want what is on disk", s.Len(), got)
	}
	st.fail(nil)
	push(t, s, fakeKey("a"), reading("x", 3))
	push(t, s, fakeKey("b"), reading("x", 4))
	if a, b := voltage(t, s, "a"), voltage(t, s, "b"); a != "3" || b != "4" {
		t.Errorf("afterwards they show %s and %s V", a, b)
	}
	if n := strings.Count(log.String(), "\n"); n != 2 || !strings.Contains(log.String(), "are refused") || !strings.Contains(log.String(), "stored again") {
		t.Errorf("want one line for the failure and one for its end:\n%s", log.String())
	}
}

// panicking is a storage that panics.
type panicking struct{ *memory }

func (panicking) commit([]write) error { panic("page 7 already freed") }

func TestADiskThatPanics(t *testing.T) {
	t.Parallel()
	s := openOn(t, panicking{newMemory()}, Options{})
	for range 2 {
		if err := s.Update(t.Context(), fakeKey("a"), reading("x", 1)); !errors.Is(err, ErrStorage) || !strings.Contains(err.Error(), "page 7 already freed") {
			t.Errorf("error is %v", err)
		}
	}
}

// step is one thing that happens to a store.
type step struct {
	do      string
	device  string
	volts   int
	minutes int
}

// TestTheStoreIsWhatWasPushed compares the store with a plain map, over
// pushes, failures, restarts and time.
func TestTheStoreIsWhatWasPushed(t *testing.T) {
	t.Parallel()
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			do:      rapid.SampledFrom([]string{"push", "push", "fail", "pass", "restart"}).Draw(t, "do"),
			device:  rapid.SampledFrom([]string{"a", "b", "c", "a#2"}).Draw(t, "device"),
			volts:   rapid.IntRange(0, 99).Draw(t, "volts"),
			minutes: rapid.SampledFrom([]int{1, 9, 10, 60, 24 * 60, 25 * 60}).Draw(t, "minutes"),
		}
	}), 1, 40)
	rapid.Check(t, func(r *rapid.T) {
		drawn := steps.Draw(r, "steps")
		synctest.Test(t, func(t *testing.T) {
			if err := follow(t, drawn); err != nil {
				r.Fatal(err)
			}
		})
	})
}

// follow does the steps and looks at the store after each.
func follow(t *testing.T, steps []step) error {
	t.Helper()
	type known struct {
		volts string
		at    time.Time
	}
	want := map[string]known{}
	st := newMemory()
	s := openOn(t, st, Options{})
	defer func() { _ = s.Close() }()
	for i, step := range steps {
		switch step.do {
		case "push":
			if err := s.Update(t.Context(), fakeKey(step.device), reading("x", float64(step.volts))); err != nil {
				return err
			}
			want[step.device] = known{strconv.Itoa(step.volts), time.Now()}
		case "fail":
			st.fail(errDisk)
			if err := s.Update(t.Context(), fakeKey(step.device), reading("x", 1000)); !errors.Is(err, errDisk) {
				return fmt.Errorf("step %d: %w", i, err)
			}
			st.fail(nil)
		case "pass":
			pass(time.Duration(step.minutes) * time.Minute)
		case "restart":
			closeStore(t, s)
			s = openOn(t, st, Options{})
		}
		for id, k := range want {
			if time.Since(k.at) >= fakeExpire+DefaultForgetAfter {
				delete(want, id)
			}
		}
		devices := s.Devices()
		if len(devices) != len(want) {
			return fmt.Errorf("step %d: %d devices, want %d", i, len(devices), len(want))
		}
		for _, d := range devices {
			up := time.Since(want[d.ID].at) < fakeExpire
			switch {
			case d.Up != up, up != (len(d.Inlets) > 0):
				return fmt.Errorf("step %d: %s is up: %v, want %v", i, d.ID, d.Up, up)
			case up && d.Inlets[0].Voltage.String() != want[d.ID].volts:
				return fmt.Errorf("step %d: %s shows %s, want %s", i, d.ID, d.Inlets[0].Voltage, want[d.ID].volts)
			}
		}
	}
	return nil
}
