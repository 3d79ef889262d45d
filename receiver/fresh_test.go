package receiver

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/power"
)

// event is a change that adds an event record and no readings.
func event(e *Entry, now time.Time) error {
	e.Events.Add(EventRecord{Code: "E01", Text: "Output 1 on", At: now})
	return nil
}

// shown is the device "a" in short.
func shown(s *Store) string {
	d, ok := s.Device("a")
	if !ok {
		return "gone"
	}
	events := power.Value{}
	if len(d.Events) > 0 {
		events = d.Events[0].Total
	}
	return fmt.Sprintf("up %v, %d inlets, age %s, events %s, name %q", d.Up, len(d.Inlets), d.ReadingAge, events, d.Name)
}

func TestADeviceExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		s := openOn(t, st, Options{})
		began := time.Now()
		push(t, s, fakeKey("a"), reading("x", 1))
		push(t, s, fakeKey("a"), event)
		push(t, s, fakeKey("other"), reading("y", 1))
		for _, step := range []struct {
			after time.Duration
			want  string
		}{
			{0, `up true, 1 inlets, age 0, events 1, name "x"`},
			{fakeExpire - time.Nanosecond, `up true, 1 inlets, age 599.999999999, events 1, name "x"`},
			{fakeExpire, `up false, 0 inlets, age absent, events 1, name "x"`},
			{fakeExpire + DefaultForgetAfter - time.Nanosecond, `up false, 0 inlets, age absent, events 1, name "x"`},
			{fakeExpire + DefaultForgetAfter, `gone`},
			{fakeExpire + DefaultForgetAfter + 2*sweepTime, `gone`},
		} {
			pass(time.Until(began.Add(step.after)))
			if got := shown(s); got != step.want {
				t.Errorf("after %s it is\n%s, want\n%s", step.after, got, step.want)
			}
			if d, ok := s.Device("a"); ok && d.LastSeen != power.Timestamp(began) {
				t.Errorf("after %s it was last seen %s, want %s", step.after, d.LastSeen, power.Timestamp(began))
			}
		}
		if s.Len() != 0 || len(s.slots) != 0 || len(s.list) != 0 || len(s.ids) != 0 || len(s.senders) != 0 || st.len() != 0 || len(s.Devices()) != 0 {
			t.Errorf("left are %d devices, %d slots, %d ids, %d senders, %d records", s.Len(), len(s.slots), len(s.ids), len(s.senders), st.len())
		}
		// It begins anew, with its counts.
		push(t, s, fakeKey("a"), event)
		if got := shown(s); got != `up true, 0 inlets, age absent, events 1, name ""` {
			t.Errorf("after it was forgotten it is %s", got)
		}
		closeStore(t, s)
	})
}

// TestEventsKeepADeviceUp shows that the readings of a device which sends only
// events expire all the same.
func TestEventsKeepADeviceUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openOn(t, newMemory(), Options{})
		push(t, s, fakeKey("a"), reading("x", 1))
		pass(fakeExpire / 2)
		push(t, s, fakeKey("a"), event)
		if got := shown(s); got != `up true, 1 inlets, age 300, events 1, name "x"` {
			t.Errorf("after an event it is %s", got)
		}
		pass(fakeExpire / 2)
		if got := shown(s); got != `up true, 0 inlets, age absent, events 1, name "x"` {
			t.Errorf("without readings it is %s", got)
		}
		pass(fakeExpire / 2)
		if got := shown(s); got != `up false, 0 inlets, age absent, events 1, name "x"` {
			t.Errorf("without events it is %s", got)
		}
		push(t, s, fakeKey("a"), reading("x", 1))
		if got := shown(s); got != `up true, 1 inlets, age 0, events 1, name "x"` {
			t.Errorf("with readings it is %s", got)
		}
		closeStore(t, s)
	})
}

func TestExpiryAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		s := openOn(t, st, Options{})
		push(t, s, fakeKey("a"), reading("x", 1))
		closeStore(t, s)

		pass(fakeExpire - time.Second)
		s = openOn(t, st, Options{})
		if got := shown(s); got != `up true, 1 inlets, age 599, events absent, name "x"` {
			t.Errorf("it is %s", got)
		}
		pass(time.Second)
		if got := shown(s); got != `up false, 0 inlets, age absent, events absent, name "x"` {
			t.Errorf("it is %s", got)
		}
		closeStore(t, s)

		pass(DefaultForgetAfter)
		s = openOn(t, st, Options{})
		if got := shown(s); got != "gone" {
			t.Errorf("it is %s", got)
		}
		synctest.Wait()
		if s.Len() != 0 || st.len() != 0 {
			t.Errorf("%d devices and %d records are left", s.Len(), st.len())
		}
		closeStore(t, s)
	})
}

// TestAClockThatWasWrong is a store of a time that has not come yet. Its devices
// are as new as the first start after that, and not newer at each further one.
func TestAClockThatWasWrong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		future := time.Now().Add(4 * 365 * 24 * time.Hour)
		wrong := &Entry{State: []byte(`{"name":"x","volts":1}`), Received: future, Measured: future.Add(-time.Hour)}
		wrong.Events.Count(numbered(1, 7), EventRecord{Code: "E01", At: future})
		for _, device := range []string{"a", "b"} {
			record, err := encodeRecord(device, wrong)
			if err != nil {
				t.Fatal(err)
			}
			st.records[string(fakeKey(device).bytes())] = record
		}
		began := time.Now()
		var log logText
		for _, step := range []struct {
			after time.Duration
			want  string
		}{
			{0, `up true, 1 inlets, age 0, events 1, name "x"`},
			{fakeExpire - 1, `up true, 1 inlets, age 599.999999999, events 1, name "x"`},
			{fakeExpire, `up false, 0 inlets, age absent, events 1, name "x"`},
			{fakeExpire + DefaultForgetAfter - 1, `up false, 0 inlets, age absent, events 1, name "x"`},
			{fakeExpire + DefaultForgetAfter, `gone`},
		} {
			pass(time.Until(began.Add(step.after)))
			s := openOn(t, st, Options{Logger: log.logger()}) // a start at each step
			if got := shown(s); got != step.want {
				t.Errorf("after %s it is\n%s, want\n%s", step.after, got, step.want)
			}
			if d, ok := s.Device("a"); ok && (d.LastSeen != power.Timestamp(began) || d.Events[0].Last != power.Timestamp(began)) {
				t.Errorf("after %s it was last seen %s, its last event was %s; want %s", step.after, d.LastSeen, d.Events[0].Last, power.Timestamp(began))
			}
			closeStore(t, s)
		}
		if text := log.String(); strings.Count(text, "times that have not come yet") != 1 || !strings.Contains(text, "devices=2") {
			t.Errorf("the log is %s", text)
		}
	})
}

// TestAClockThatIsSetBack is an exporter whose clock is set back between two
// starts, and a device that pushes on.
func TestAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		record, err := encodeRecord("a", &Entry{State: []byte(`{"name":"x","volts":1}`), Received: time.Now().Add(time.Hour), Measured: time.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		st.records[string(fakeKey("a").bytes())] = record
		st.fail(errDisk) // what was settled cannot be stored
		s := openOn(t, st, Options{})
		st.fail(nil)
		pass(fakeExpire / 2)
		push(t, s, fakeKey("a"), event)
		if got := shown(s); got != `up true, 1 inlets, age 300, events 1, name "x"` {
			t.Errorf("it is %s", got)
		}
		pass(fakeExpire / 2)
		if got := shown(s); got != `up true, 0 inlets, age absent, events 1, name "x"` {
			t.Errorf("it is %s", got)
		}
		closeStore(t, s)
		s = openOn(t, st, Options{})
		if got := shown(s); got != `up true, 0 inlets, age absent, events 1, name "x"` {
			t.Errorf("after a restart it is %s", got)
		}
		closeStore(t, s)
	})
}

// TestSweepLeavesWhatPushes shows that a device which pushes in the moment it
// would be forgotten keeps its counts.
func TestSweepLeavesWhatPushes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		s := openOn(t, st, Options{})
		push(t, s, fakeKey("a"), event)
		push(t, s, fakeKey("b"), event)
		inside, goOn := make(chan struct{}), make(chan struct{})
		done := make(chan error)
		pass(fakeExpire + DefaultForgetAfter - time.Second)
		go func() {
			done <- s.Update(t.Context(), fakeKey("a"), func(e *Entry, now time.Time) error {
				close(inside)
				<-goOn
				return event(e, now)
			})
		}()
		<-inside
		pass(2 * sweepTime)
		if s.Len() != 1 || st.len() != 1 {
			t.Errorf("%d devices and %d records are left, want the one that pushes", s.Len(), st.len())
		}
		close(goOn)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if d, _ := s.Device("a"); len(d.Events) != 1 || d.Events[0].Total.String() != "2" {
			t.Errorf("the device is %+v", d)
		}
		closeStore(t, s)
	})
}

// TestAPushWhileItIsForgotten is a push that waits for the sweep which removes
// its device: it begins anew.
func TestAPushWhileItIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		s := openOn(t, st, Options{})
		push(t, s, fakeKey("a"), event)
		gate := make(chan struct{})
		st.hold(gate)
		pass(fakeExpire + DefaultForgetAfter + sweepTime) // the sweep is in its commit now
		done := make(chan error)
		go func() { done <- s.Update(t.Context(), fakeKey("a"), event) }()
		close(gate)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if d, _ := s.Device("a"); len(d.Events) != 1 || d.Events[0].Total.String() != "1" || s.Len() != 1 || st.len() != 1 {
			t.Errorf("the device is %+v, of %d and %d records", d, s.Len(), st.len())
		}
		closeStore(t, s)
	})
}

func TestASweepThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newMemory()
		s := openOn(t, st, Options{})
		push(t, s, fakeKey("a"), event)
		st.fail(errDisk)
		pass(fakeExpire + DefaultForgetAfter + sweepTime)
		synctest.Wait()
		if s.Len() != 1 {
			t.Errorf("%d devices", s.Len())
		}
		st.fail(nil)
		pass(sweepTime)
		synctest.Wait()
		if s.Len() != 0 || st.len() != 0 {
			t.Errorf("%d devices and %d records", s.Len(), st.len())
		}
		closeStore(t, s)
	})
}
