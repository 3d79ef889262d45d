package receiver

import (
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

// repeatable are the records that may come again: a device repeats what was not
// acknowledged, and that is remembered.
func (u *modelUPS) repeatable() []Origin { return u.log[max(0, len(u.log)-100):] }

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
