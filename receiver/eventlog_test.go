package receiver

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"power_exporter/power"
)

// reset stands among sequence numbers for a device that registers.
const reset = math.MaxUint64

func TestCount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ords []uint64 // each of which is new
		old  []uint64 // none of which is
		then []uint64 // each of which is new
	}{
		"in order":                            {ords: []uint64{1, 2, 3}, old: []uint64{1, 2, 3}, then: []uint64{4}},
		"from zero":                           {ords: []uint64{0, 1}, old: []uint64{0, 1}},
		"out of order":                        {ords: []uint64{5, 3, 4, 1}, old: []uint64{1, 3, 4, 5}, then: []uint64{2, 0}},
		"gaps are filled later":               {ords: []uint64{10, 20}, old: []uint64{10, 20}, then: []uint64{15, 11, 19, 21}},
		"the last within the window":          {ords: []uint64{5000, 5000 - 1023}, old: []uint64{5000 - 1023, 5000}, then: []uint64{5000 - 1022}},
		"older than the window":               {ords: []uint64{5000}, old: []uint64{5000 - 1024, 5000 - 1025, 0}},
		"the window moves by one":             {ords: []uint64{5000, 5001}, old: []uint64{5001 - 1024}, then: []uint64{5001 - 1023}},
		"a jump of one less than the window":  {ords: []uint64{0, 1023}, old: []uint64{0}, then: []uint64{1, 1022}},
		"a jump of the window":                {ords: []uint64{0, 1024}, old: []uint64{0}, then: []uint64{1, 1023}},
		"a jump of more than the window":      {ords: []uint64{7, 1 << 40}, old: []uint64{7}, then: []uint64{1<<40 - 1023, 1<<40 + 1}},
		"a place in the window is used again": {ords: []uint64{3, 1000, 1027}, old: []uint64{3}, then: []uint64{4, 1026}},
		"the largest":                         {ords: []uint64{math.MaxUint64 - 2, math.MaxUint64 - 1}, old: []uint64{math.MaxUint64 - 1}, then: []uint64{math.MaxUint64 - 3}},

		"a new log":                     {ords: []uint64{100, reset, 1, 2}, old: []uint64{1, 2}, then: []uint64{3, 50, 100}},
		"a new log from zero":           {ords: []uint64{100, reset, 0}, old: []uint64{0}, then: []uint64{1}},
		"a new log, in no order":        {ords: []uint64{100, reset, 3, 1, 2}, old: []uint64{1, 2, 3}, then: []uint64{4}},
		"the log goes on":               {ords: []uint64{100, reset, 101}, old: []uint64{100, 101}, then: []uint64{99}},
		"the newest is repeated":        {ords: []uint64{100, reset}, old: []uint64{100}, then: []uint64{101}},
		"a smaller one long afterwards": {ords: []uint64{100, reset, 101, 50}, old: []uint64{50}, then: []uint64{51}},
		"two registrations":             {ords: []uint64{100, reset, reset, 1}, old: []uint64{1}, then: []uint64{2}},
		"two new logs":                  {ords: []uint64{100, reset, 50, reset, 1}, old: []uint64{1}, then: []uint64{50}},
		"a registration comes first":    {ords: []uint64{reset, 7}, old: []uint64{7}, then: []uint64{6}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var l EventLog
			counted := 0
			count := func(ords []uint64, want bool) {
				for _, ord := range ords {
					l = stored(t, l) // it may be restarted at any time
					if ord == reset {
						l.MarkReset()
						continue
					}
					if got := l.Count(ord, EventRecord{Code: "E"}); got != want {
						t.Errorf("%d is counted: %v, want %v", ord, got, want)
					}
					if want {
						counted++
					}
				}
			}
			count(test.ords, true)
			count(test.old, false)
			count(test.then, true)
			if total := l.Events()[0].Total; total != power.Count(power.Of(counted)) {
				t.Errorf("%s are counted, want %d", total, counted)
			}
		})
	}
}

// stored is a log as it is read from disk again.
func stored(tb testing.TB, l EventLog) (again EventLog) {
	tb.Helper()
	data, err := json.Marshal(&l)
	if err == nil {
		err = json.Unmarshal(data, &again)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return again
}

// TestCountIsASet compares the log with a set of all numbers.
func TestCountIsASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var l EventLog
		seen, highest, total := map[uint64]bool{}, uint64(0), 0
		jump := rapid.SampledFrom([]int{-3000, -1025, -1024, -1023, -2, -1, 0, 1, 2, 900, 1023, 1024, 1025, 3000})
		ord := rapid.Uint64Range(0, 5000).Draw(r, "first")
		for range rapid.IntRange(1, 200).Draw(r, "records") {
			want := !seen[ord] && (len(seen) == 0 || ord > highest || highest-ord < windowSize)
			if got := l.Count(ord, EventRecord{Code: "E"}); got != want {
				r.Fatalf("%d, with %d as the highest, is counted: %v, want %v", ord, highest, got, want)
			}
			if want {
				total++
			}
			seen[ord] = true
			highest = max(highest, ord)
			if rapid.IntRange(0, 9).Draw(r, "restart") == 0 {
				l = stored(t, l)
			}
			next := int(highest) + jump.Draw(r, "jump") + rapid.IntRange(-5, 5).Draw(r, "by")
			ord = uint64(max(0, next))
		}
		if got := l.Events()[0].Total; got != power.Count(power.Of(total)) {
			r.Fatalf("%s are counted, want %d", got, total)
		}
	})
}

func TestEvents(t *testing.T) {
	t.Parallel()
	var l EventLog
	if l.Events() != nil {
		t.Errorf("an empty log has %v", l.Events())
	}
	if text, at := l.Newest(); text != "" || !at.IsZero() {
		t.Errorf("an empty log has the text %q of %s", text, at)
	}
	moment := func(n int64) time.Time { return time.Unix(n, 500_000_000).UTC() }
	l.Add(EventRecord{Code: "20", Name: "Outlet on", Text: "first", At: moment(1)})
	l.Count(7, EventRecord{Code: "15", Name: "Inlet Max Current", Text: "second", At: moment(2), Value: power.Raw(power.Of(12.09))})
	l.Add(EventRecord{Code: "20", Name: "Outlet On", Text: "third", At: moment(3), Value: power.Raw(power.Of(0))})
	l.Count(7, EventRecord{Code: "15", Text: "repeated", At: moment(4)})
	want := []power.Event{
		{Code: "15", Event: "Inlet Max Current", Total: power.Count(power.Of(1)), Last: power.Timestamp(moment(2)), LastValue: power.Raw(power.Of(12.09))},
		{Code: "20", Event: "Outlet On", Total: power.Count(power.Of(2)), Last: power.Timestamp(moment(3)), LastValue: power.Raw(power.Of(0))},
	}
	for _, l := range []EventLog{l, stored(t, l)} {
		if diff := cmp.Diff(want, l.Events(), cmp.AllowUnexported(power.Value{})); diff != "" {
			t.Errorf("difference from the wanted events (-) to those it has (+):\n%s", diff)
		}
		if text, at := l.Newest(); text != "third" || !at.Equal(moment(3)) {
			t.Errorf("the newest text is %q of %s", text, at)
		}
	}
}

func TestEventBounds(t *testing.T) {
	t.Parallel()
	var l EventLog
	for i := range 1000 {
		l.Add(EventRecord{Code: strconv.Itoa(i), Name: "n" + strconv.Itoa(i)})
	}
	l.Add(EventRecord{Code: "3", Name: "n3"}) // one that is known is counted on
	l = stored(t, l)
	l.Add(EventRecord{Code: "1000", Name: "n1000"})
	events := l.Events()
	find := func(code string) power.Event {
		i := slices.IndexFunc(events, func(e power.Event) bool { return e.Code == code })
		if i < 0 {
			return power.Event{}
		}
		return events[i]
	}
	if len(events) != maxCodes || find("3").Total.String() != "2" || find("254").Total.String() != "1" || find("255").Code != "" {
		t.Errorf("%d codes, 3: %v, 254: %v, 255: %v", len(events), find("3"), find("254"), find("255"))
	}
	if other := find("other"); other.Event != "other" || other.Total.String() != strconv.Itoa(1000-255+1) {
		t.Errorf("the others are %v", other)
	}

	var long EventLog
	euro := strings.Repeat("€", 200) // of three bytes each
	long.Add(EventRecord{Code: euro, Name: euro, Text: "a" + euro})
	long.Add(EventRecord{Code: "bad\xff", Name: "\xff", Text: "\xff"})
	text, _ := long.Newest()
	got := []string{text}
	for _, e := range long.Events() {
		got = append(got, e.Code, e.Event)
	}
	want := []string{"\uFFFD", "bad\uFFFD", "\uFFFD", strings.Repeat("€", 21), strings.Repeat("€", 42)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("difference from the wanted texts (-) to those it has (+):\n%s", diff)
	}
}

func TestDamagedLogs(t *testing.T) {
	t.Parallel()
	many := map[string]storedCount{}
	for i := range maxCodes + 1 {
		many[strconv.Itoa(i)] = storedCount{}
	}
	tooMany, err := json.Marshal(storedLog{Codes: many})
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]string{
		`{"seen":"AAAA"}`: "the window of sequence numbers has another length",
		fmt.Sprintf(`{"seen":"%s"}`, strings.Repeat("AAAA", 43)): "the window of sequence numbers has another length",
		string(tooMany): "the event log has 257 codes, more than 256",
		`[]`:            "json: cannot unmarshal array into Go value of type receiver.storedLog",
	} {
		var l EventLog
		if err := json.Unmarshal([]byte(data), &l); err == nil || err.Error() != want {
			t.Errorf("%.40s: error is %v, want %s", data, err, want)
		}
	}
}
