package receiver

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"power_exporter/power"
)

func TestAPushSurvivesARestart(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "data")
	s := openIn(t, folder)
	push(t, s, fakeKey("ups-01"), reading("rack", 48.1))
	push(t, s, fakeKey("ups-01"), func(e *Entry, now time.Time) error {
		e.Events.Count(Origin{Ord: 7}, EventRecord{Code: "E01", Name: "Output on", Text: "Output 1 on", At: now, Value: power.Raw(power.Of(3))})
		return nil
	})
	before := s.Statuses()
	device, _ := s.Device("ups-01")
	device.ReadingAge = power.Value{} // it goes on
	closeStore(t, s)

	s = openIn(t, folder)
	after, ok := s.Device("ups-01")
	if !ok {
		t.Fatal("the device is gone")
	}
	if age, ok := after.ReadingAge.Get(); !ok || age < 0 {
		t.Errorf("its readings are %s s old", after.ReadingAge)
	}
	after.ReadingAge = power.Value{}
	compare := cmp.Options{cmp.AllowUnexported(power.Value{}, power.States{}), cmpopts.EquateApproxTime(0)}
	if diff := cmp.Diff(device, after, compare); diff != "" {
		t.Errorf("difference from the device before (-) to the one after (+):\n%s", diff)
	}
	if diff := cmp.Diff(before, s.Statuses(), compare); diff != "" {
		t.Errorf("difference from the status before (-) to the one after (+):\n%s", diff)
	}
	if !after.Up || after.Name != "rack" || after.Inlets[0].Voltage.String() != "48.1" || after.Events[0].Total.String() != "1" {
		t.Errorf("the device is %+v", after)
	}
}

func TestUpdateSeesWhatIsStored(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := openIn(t, folder)
	push(t, s, fakeKey("a"), func(e *Entry, now time.Time) error {
		if e.State != nil || !e.Received.IsZero() || !e.Measured.IsZero() {
			t.Errorf("a new device has %+v", e)
		}
		return reading("first", 1)(e, now)
	})
	for range 2 { // before and after a restart
		push(t, s, fakeKey("a"), func(e *Entry, now time.Time) error {
			if string(e.State) != `{"name":"first","volts":1}` || e.Received.IsZero() || e.Measured.IsZero() || e.Received.After(now) {
				t.Errorf("the device has state %s, received %s, measured %s", e.State, e.Received, e.Measured)
			}
			return nil
		})
		closeStore(t, s)
		s = openIn(t, folder)
	}
}

func TestAFailedChangeChangesNothing(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	for name, test := range map[string]struct {
		change func(*Entry, time.Time) error
		want   string
		is     error
	}{
		"an error":   {func(*Entry, time.Time) error { return mine }, "mine", mine},
		"a panic":    {func(*Entry, time.Time) error { panic("oops") }, "panic: oops", nil},
		"unmappable": {reading("bad", 3), `mapping the state of device "%": unmappable`, errUnmappable},
		"map panics": {reading("panic", 3), `mapping the state of device "%": panic: no such device`, nil},
		"no JSON": {func(e *Entry, _ time.Time) error {
			e.State = []byte("{")
			return nil
		}, `mapping the state of device "%": unexpected end of JSON input`, nil},
		"too much state": {func(e *Entry, _ time.Time) error {
			e.State = make([]byte, MaxState+1)
			return nil
		}, "push too large: the state of a device has 262145 bytes, more than 262144", ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newMemory()
			s := openOn(t, st, Options{})
			push(t, s, fakeKey("known"), reading("x", 1))
			for _, device := range []string{"known", "new"} {
				err := s.Update(t.Context(), fakeKey(device), func(e *Entry, now time.Time) error {
					e.State = append(e.State, ' ') // what it has is its own
					return test.change(e, now)
				})
				if want := strings.ReplaceAll(test.want, "%", device); err == nil || err.Error() != want {
					t.Errorf("%s: error is %v, want %s", device, err, want)
				}
				if test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("%s: error %v is not %v", device, err, test.is)
				}
			}
			if s.Len() != 1 || st.len() != 1 || len(s.slots) != 1 || len(s.list) != 1 || len(s.ids) != 1 || voltage(t, s, "known") != "1" {
				t.Errorf("%d devices, %d records, %d slots, %d ids, %s V", s.Len(), st.len(), len(s.slots), len(s.ids), voltage(t, s, "known"))
			}
			// The committer and the device are still there.
			push(t, s, fakeKey("known"), reading("x", 2))
			if got := voltage(t, s, "known"); got != "2" {
				t.Errorf("afterwards it shows %s V", got)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	s := openOn(t, newMemory(), Options{})
	for want, key := range map[string]Key{
		"malformed push: the kind is empty":                          {Sender: "a", Device: "d"},
		"malformed push: the sender is empty":                        {Kind: "fake", Device: "d"},
		"malformed push: the device id is empty":                     {Kind: "fake", Sender: "a"},
		"malformed push: the device id has 129 bytes, more than 128": {Kind: "fake", Sender: "a", Device: strings.Repeat("x", 129)},
		"malformed push: the device id is no text in UTF-8":          {Kind: "fake", Sender: "a", Device: "a\xff"},
		"malformed push: the sender is no text in UTF-8":             {Kind: "fake", Sender: "a\x00b", Device: "d"},
		`a push for the receiver "none", which is not configured`:    {Kind: "none", Sender: "a", Device: "d"},
	} {
		if err := s.Update(t.Context(), key, reading("x", 1)); err == nil || err.Error() != want {
			t.Errorf("%q: error is %v, want %s", key, err, want)
		}
	}
	if s.Len() != 0 || len(s.slots) != 0 || len(s.list) != 0 {
		t.Errorf("%d devices, %d slots", s.Len(), len(s.slots))
	}
}

func TestAPushNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	s := openOn(t, newMemory(), Options{})
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := s.Update(gone, fakeKey("a"), reading("x", 1)); !errors.Is(err, context.Canceled) || !errors.Is(err, errAborted) {
		t.Errorf("error is %v", err)
	}
	if s.Len() != 0 {
		t.Errorf("%d devices", s.Len())
	}
}

// TestIdsAreUnique shows that two senders cannot disturb each other, and that
// a device keeps the id that it has.
func TestIdsAreUnique(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := openIn(t, folder)
	ids := func() (all []string) {
		for _, d := range s.Devices() {
			all = append(all, d.ID+" "+d.Name)
		}
		slices.Sort(all)
		return all
	}
	push(t, s, Key{Kind: "fake", Sender: "z", Device: "ups"}, reading("first", 1))
	push(t, s, Key{Kind: "fake", Sender: "b", Device: "ups"}, reading("second", 2))
	push(t, s, Key{Kind: "fake", Sender: "a", Device: "ups"}, reading("third", 3))
	push(t, s, Key{Kind: "fake", Sender: "a", Device: "ups#2"}, reading("fourth", 4))
	want := []string{"ups first", "ups#2 second", "ups#2#2 fourth", "ups#3 third"}
	if diff := cmp.Diff(want, ids()); diff != "" {
		t.Errorf("difference from the wanted ids (-) to those it has (+):\n%s", diff)
	}
	closeStore(t, s)
	s = openIn(t, folder)
	if diff := cmp.Diff(want, ids()); diff != "" {
		t.Errorf("after a restart, difference from the wanted ids (-) to those it has (+):\n%s", diff)
	}
}

func TestTooManyDevices(t *testing.T) {
	t.Parallel()
	var log logText
	s := openOn(t, newMemory(), Options{TotalDevices: 3, Logger: log.logger(), Kinds: map[string]Kind{"fake": {Map: mapFake, MaxDevices: 2}}})
	for _, step := range []struct{ sender, device, want string }{
		{"a", "1", ""},
		{"a", "2", ""},
		{"a", "3", "there are 2 devices of this sender already"},
		{"a", "4", "there are 2 devices of this sender already"},
		{"b", "1", ""},
		{"b", "2", "there are 3 devices already"},
		{"c", "1", "there are 3 devices already"},
		{"a", "2", ""}, // those that exist are not disturbed
		{"b", "1", ""},
	} {
		err := s.Update(t.Context(), Key{Kind: "fake", Sender: step.sender, Device: step.device}, reading("x", 1))
		if step.want == "" {
			if err != nil {
				t.Errorf("%v: %v", step, err)
			}
			continue
		}
		tooMany, ok := errors.AsType[*TooManyError](err)
		if !ok || !errors.Is(err, ErrTooMany) || tooMany.Error() != step.want || tooMany.RetryAfter != fullTime {
			t.Errorf("%v: error is %v", step, err)
		}
	}
	if s.Len() != 3 {
		t.Errorf("%d devices", s.Len())
	}
	if n := strings.Count(log.String(), "new devices of a sender are refused"); n != 3 { // once for each sender
		t.Errorf("%d warnings:\n%s", n, log.String())
	}
}

func TestADeviceThatFloods(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openOn(t, newMemory(), Options{})
		flood := func() (taken int, wait time.Duration) {
			for {
				err := s.Update(t.Context(), fakeKey("a"), reading("x", 1))
				if tooMany, ok := errors.AsType[*TooManyError](err); ok {
					return taken, tooMany.RetryAfter
				}
				if err != nil {
					t.Fatal(err)
				}
				taken++
			}
		}
		if n, wait := flood(); n != 100 || wait != time.Second {
			t.Errorf("%d pushes were taken, then %s to wait; want 100 and 1s", n, wait)
		}
		push(t, s, fakeKey("b"), reading("x", 1)) // another one is not disturbed
		pass(10 * time.Second)
		if n, _ := flood(); n != 10 {
			t.Errorf("%d pushes were taken after 10 s, want 10", n)
		}
		pass(time.Hour)
		if n, _ := flood(); n != 0 && n != 100 {
			t.Errorf("%d pushes were taken after an hour, want 100", n)
		}
		closeStore(t, s)
	})
}

func TestConfigure(t *testing.T) {
	t.Parallel()
	s := openOn(t, newMemory(), Options{})
	push(t, s, fakeKey("a"), reading("x", 1))
	push(t, s, fakeKey("b"), reading("y", 2))

	doubled := fakeKinds()
	doubled["fake"] = Kind{Map: func(state []byte) (power.Device, error) {
		d, err := mapFake(state)
		d.Inlets[0].Voltage = power.Centivolts(power.Of(100))
		return d, err
	}}
	s.Configure(doubled)
	if a, b := voltage(t, s, "a"), voltage(t, s, "b"); a != "1" || b != "1" {
		t.Errorf("mapped anew they show %s and %s, want 1", a, b)
	}
	s.Configure(nil)
	if n := len(s.Devices()); n != 0 || s.Len() != 2 || voltage(t, s, "a") != "no device" || len(s.Statuses()) != 0 {
		t.Errorf("without receivers %d devices are shown of %d", n, s.Len())
	}
	s.Configure(fakeKinds())
	if a, b := voltage(t, s, "a"), voltage(t, s, "b"); a != "1" || b != "2" {
		t.Errorf("mapped as at first they show %s and %s, want 1 and 2", a, b)
	}
}

// TestAStateThatNoLongerMaps is an upgrade whose vendor's package does not
// understand what the one before it has stored.
func TestAStateThatNoLongerMaps(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bad", "panic"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newMemory()
			kinds := map[string]Kind{"fake": {Map: func([]byte) (power.Device, error) { return power.Device{Name: "old"}, nil }}}
			old := openOn(t, st, Options{Kinds: kinds})
			push(t, old, fakeKey("a"), func(e *Entry, now time.Time) error {
				e.Events.Add(EventRecord{Code: "E", At: now})
				return reading(name, 1)(e, now)
			})
			push(t, old, fakeKey("b"), reading("fine", 2))
			closeStore(t, old)

			var log logText
			s := openOn(t, st, Options{Logger: log.logger()})
			if a, b := voltage(t, s, "a"), voltage(t, s, "b"); a != "no reading" || b != "2" {
				t.Errorf("they show %s and %s", a, b)
			}
			a, _ := s.Device("a")
			if a.Up || a.ID != "a" || a.Vendor != "" || !a.LastSeen.Present() || a.Events[0].Total.String() != "1" {
				t.Errorf("the device is %+v", a)
			}
			if status := s.Statuses()[0]; status.ID != "a" || status.Err == nil || status.Up {
				t.Errorf("its status is %+v", status)
			}
			if strings.Count(log.String(), "cannot be used") != 1 {
				t.Errorf("the log is %s", log.String())
			}
			push(t, s, fakeKey("a"), func(e *Entry, now time.Time) error {
				if e.State != nil || e.Events.Events()[0].Total.String() != "1" {
					t.Errorf("the vendor gets state %s and events %v", e.State, e.Events.Events())
				}
				return reading("new", 3)(e, now)
			})
			if a := voltage(t, s, "a"); a != "3" || s.Statuses()[0].Err != nil {
				t.Errorf("after a push it shows %s", a)
			}
		})
	}
}

func TestMendedAndOverruled(t *testing.T) {
	t.Parallel()
	var log logText
	kinds := map[string]Kind{"fake": {Map: func([]byte) (power.Device, error) {
		return power.Device{ID: "wrong", Name: "a\xff", Outlets: []power.Outlet{{ID: "1"}, {ID: "1"}}}, nil
	}}}
	s := openOn(t, newMemory(), Options{Kinds: kinds, Logger: log.logger()})
	push(t, s, fakeKey("right"), reading("x", 1))
	d, ok := s.Device("right")
	if !ok || d.ID != "right" || d.Name != "a\uFFFD" || d.Outlets[1].ID != "1#2" || !d.Up {
		t.Errorf("the device is %+v", d)
	}
	if !strings.Contains(log.String(), `level=DEBUG msg="device mended"`) {
		t.Errorf("the log is %s", log.String())
	}
}

func TestAfterClose(t *testing.T) {
	t.Parallel()
	var log logText
	s, err := Open(t.TempDir(), Options{Kinds: fakeKinds(), Logger: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	push(t, s, fakeKey("a"), reading("x", 1))
	closeStore(t, s)
	closeStore(t, s)
	for _, device := range []string{"a", "b"} {
		if err := s.Update(t.Context(), fakeKey(device), reading("x", 2)); !errors.Is(err, ErrStorage) || !errors.Is(err, os.ErrClosed) {
			t.Errorf("error is %v", err)
		}
	}
	if got := voltage(t, s, "a"); got != "1" {
		t.Errorf("it shows %s V", got)
	}
	if log.String() != "" {
		t.Errorf("the log is %s", log.String())
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	if _, err := Open("", Options{}); err == nil || err.Error() != "opening the store: no folder is configured for it" {
		t.Errorf("error is %v", err)
	}
	damaged := newMemory()
	damaged.records["a"] = nil
	if _, err := open(damaged, Options{}); !errors.Is(err, ErrCorrupt) || !damaged.closed {
		t.Errorf("a bad key: error is %v, closed %v", err, damaged.closed)
	}
	damaged = newMemory()
	damaged.records[string(fakeKey("a").bytes())] = []byte("x")
	if _, err := open(damaged, Options{}); !errors.Is(err, ErrCorrupt) || !damaged.closed {
		t.Errorf("a bad record: error is %v, closed %v", err, damaged.closed)
	}
}

// fakeVendor merges a partial push onto the last state, as a vendor does.
func fakeVendor(body string) func(*Entry, time.Time) error {
	return func(e *Entry, now time.Time) (err error) {
		var s fakeState
		if e.State != nil {
			if err := json.Unmarshal(e.State, &s); err != nil {
				return err
			}
		}
		if err := json.Unmarshal([]byte(body), &s); err != nil {
			return errors.Join(ErrMalformed, err)
		}
		e.Measured = now
		e.State, err = json.Marshal(s)
		return err
	}
}

func TestAPartialPush(t *testing.T) {
	t.Parallel()
	s := openOn(t, newMemory(), Options{})
	push(t, s, fakeKey("a"), fakeVendor(`{"name":"rack","volts":48}`))
	push(t, s, fakeKey("a"), fakeVendor(`{"volts":49}`))
	if err := s.Update(t.Context(), fakeKey("a"), fakeVendor(`{"volts":"50"}`)); !errors.Is(err, ErrMalformed) {
		t.Errorf("error is %v", err)
	}
	d, _ := s.Device("a")
	if d.Name != "rack" || d.Inlets[0].Voltage.String() != "49" {
		t.Errorf("the device is %+v", d)
	}
}
