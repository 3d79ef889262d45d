package receiver

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"power_exporter/power"
)

// modelUPS is a device that keeps a log and sends it over a bad line.
type modelUPS struct {
	clock   time.Time
	right   time.Time // what the clock would show; zero if it does show it
	ord     int64
	log     []Origin // since the last reset
	late    []Origin // made, and not sent yet
	passed  int      // how many were sent that were made after those
	records int
}

// record makes a record.
func (u *modelUPS) record() Origin {
	u.ord++
	u.records++
	u.clock = u.clock.Add(time.Second)
	o := Origin{Ord: u.ord, Time: u.clock, Text: fmt.Sprint("Output ", u.records%3, " on at ", u.clock)}
	if !u.right.IsZero() {
		o.Text = fmt.Sprint("Record ", u.records) // two logs could be the same, and nobody could tell
	}
	u.log = append(u.log, o)
	return o
}

// repeatable are the records that may come again: without a clock nothing tells
// an old one, but that it is remembered.
func (u *modelUPS) repeatable() []Origin {
	if u.right.IsZero() {
		return u.log
	}
	return u.log[max(0, len(u.log)-100):]
}

// TestEachRecordCountsOnce compares the log with a set of all that a device has
// made, whatever it repeats, and in whatever order within the bounds.
func TestEachRecordCountsOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var l EventLog
		u := modelUPS{clock: day(1), ord: rapid.Int64Range(-3, 70_000).Draw(r, "first")}
		counted := map[Origin]bool{}
		absurd := 0
		send := func(o Origin) {
			if got := l.Count(o, EventRecord{Code: "E"}); got == counted[o] {
				r.Fatalf("%d of %s %q, the record %d, is counted: %v", o.Ord, o.Time, o.Text, u.records, got)
			}
			counted[o] = true
		}
		flush := func() {
			for _, o := range u.late {
				send(o)
			}
			u.late, u.passed = nil, 0
		}
		one := func() {
			send(u.record())
			if u.passed++; u.passed > 80 {
				flush()
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"time passes": func(r *rapid.T) {
				u.clock = u.clock.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(r, "s")) * time.Second)
			},
			"one record": func(*rapid.T) { one() },
			"a batch": func(r *rapid.T) {
				for range rapid.IntRange(2, 150).Draw(r, "n") {
					one()
				}
			},
			"a batch, turned": func(r *rapid.T) {
				flush()
				for range rapid.IntRange(2, 20).Draw(r, "n") {
					u.late = append(u.late, u.record())
				}
				slices.Reverse(u.late)
				flush()
			},
			"one comes late": func(*rapid.T) {
				if flush(); len(u.late) == 0 {
					u.late = append(u.late, u.record())
				}
			},
			"a repeat": func(r *rapid.T) {
				if len(u.log) > 0 {
					if o := rapid.SampledFrom(u.repeatable()).Draw(r, "record"); counted[o] {
						send(o)
					}
				}
			},
			"the log again": func(*rapid.T) {
				for _, o := range u.repeatable() {
					if counted[o] {
						send(o)
					}
				}
			},
			"the button": func(*rapid.T) {
				if u.right.IsZero() { // else only the number tells a new log
					l.MarkReset()
				}
			},
			"a reset": func(r *rapid.T) {
				flush()
				if !u.right.IsZero() {
					u.clock, u.right = u.right, time.Time{}
				}
				u.log, u.ord, u.clock = nil, rapid.Int64Range(-1, 0).Draw(r, "ord"), u.clock.Add(time.Second)
				if rapid.Bool().Draw(r, "told") {
					l.MarkReset()
					if rapid.Bool().Draw(r, "without a clock") {
						u.right, u.clock = u.clock, time.Unix(rapid.Int64Range(0, 1000).Draw(r, "uptime"), 0)
					}
				}
			},
			"an absurd number": func(r *rapid.T) {
				if absurd++; absurd > 10 {
					return
				}
				o := u.record()
				u.log = u.log[:len(u.log)-1] // whether it is repeated says nothing of the others
				o.Ord = rapid.SampledFrom([]int64{1e15, -1e15, NoOrd - 1, 1 << 53}).Draw(r, "ord")
				if hours := rapid.IntRange(-1000, 1000).Draw(r, "hours"); o.Ord > 0 || hours > 0 {
					o.Time = o.Time.Add(time.Duration(hours) * time.Hour)
				}
				send(o)
				send(o)
			},
			"": func(r *rapid.T) {
				if rapid.IntRange(0, 3).Draw(r, "restart") == 0 {
					l = stored(t, l)
				}
				if n := len(counted); n > 0 && l.Events()[0].Total != power.Count(power.Of(n)) {
					r.Fatalf("%s are counted, want %d", l.Events()[0].Total, n)
				}
			},
		})
	})
}

// TestFirstVersion reads logs as the first version of the store wrote them: one
// bit for each number, the lowest in front.
func TestFirstVersion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		highest uint64
		seen    []uint64
		old     []int64
		new     []int64
	}{
		"in order":        {12, []uint64{9, 10, 11, 12}, []int64{9, 10, 11, 12}, []int64{13, 8, 0}},
		"from zero":       {1, []uint64{0, 1}, []int64{0, 1}, []int64{2, -1, 1024, 1025}},
		"with gaps":       {5000, []uint64{5000 - 1023, 4500, 5000}, []int64{5000 - 1023, 4500, 5000}, []int64{4501, 5001, 5000 - 1024}},
		"an absurd one":   {1e15, []uint64{1e15}, []int64{1e15}, []int64{1, 2, 3}},
		"the largest one": {1<<64 - 1, []uint64{1<<64 - 1}, nil, []int64{1, NoOrd}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := make([]byte, numbersSeen/8)
			for _, n := range test.seen {
				seen[n%numbersSeen/8] |= 1 << (n % 8)
			}
			data, err := json.Marshal(map[string]any{"highest": test.highest, "seen": seen, "reset": false, "codes": map[string]any{"E": map[string]any{"total": 7, "last": day(1)}}})
			if err != nil {
				t.Fatal(err)
			}
			var l EventLog
			if err := json.Unmarshal(data, &l); err != nil {
				t.Fatal(err)
			}
			for _, ord := range test.old {
				for range 2 { // the second time more is known of it
					if l.Count(numbered(1, ord), EventRecord{Code: "E"}) {
						t.Errorf("%d is counted again", ord)
					}
					l = stored(t, l)
				}
				if !l.Count(numbered(2, ord), EventRecord{Code: "E"}) {
					t.Errorf("another %d is not counted", ord)
				}
			}
			for _, ord := range test.new {
				if !l.Count(numbered(1, ord), EventRecord{Code: "E"}) {
					t.Errorf("%d is not counted", ord)
				}
			}
			if got, want := l.Events()[0].Total, power.Count(power.Of(7+len(test.old)+len(test.new))); got != want {
				t.Errorf("%s are counted, want %s", got, want)
			}
		})
	}
}

// TestAllNumbersOfTheFirstVersion is a log that has lost no number: the highest
// are known, and there is no room for more.
func TestAllNumbersOfTheFirstVersion(t *testing.T) {
	t.Parallel()
	seen := slices.Repeat([]byte{0xFF}, numbersSeen/8)
	r, err := decodeNumbers(5000, seen)
	if err != nil || len(r) != maxRecent || r[0].ord != 5000-maxRecent+1 || r[maxRecent-1].ord != 5000 {
		t.Errorf("%d records, from %+v to %+v, %v", len(r), r[0], r[len(r)-1], err)
	}
}

// FuzzRecent reads arbitrary bytes as records. What is read is written the same.
func FuzzRecent(f *testing.F) {
	var r recent
	for _, o := range []Origin{numbered(1, 1), numbered(2, NoOrd), {Ord: -1 << 63}, {Ord: 3}, numbered(1, 2)} {
		r.add(o.remembered())
		f.Add(r.encode())
	}
	f.Add([]byte{0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := decodeRecent(data)
		if err != nil {
			return
		}
		if again, err := decodeRecent(first.encode()); err != nil || !slices.Equal(first, again) {
			t.Errorf("%v became %v, %v", first, again, err)
		}
	})
}
