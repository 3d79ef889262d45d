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

	"power_exporter/power"
)

// day is a time by the clock of a device.
func day(d int) time.Time { return time.Date(2026, 5, d, 14, 32, 1, 0, time.UTC) }

// numbered is a record that a device made on that day, each second one.
func numbered(d int, ord int64) Origin {
	return Origin{Ord: ord, Time: day(d).Add(time.Duration(ord%10_000) * time.Second), Text: "Output 1 on"}
}

// untimed are records without a time.
func untimed(ords ...int64) (all []Origin) {
	for _, ord := range ords {
		all = append(all, Origin{Ord: ord})
	}
	return all
}

// numbers are records of one day from a number to another.
func numbers(d int, from, to int64) (all []Origin) {
	for ord := from; ord <= to; ord++ {
		all = append(all, numbered(d, ord))
	}
	return all
}

// registers stands among records for a device that registers.
var registers = Origin{Text: "registers"}

func TestCount(t *testing.T) {
	t.Parallel()
	const (
		absurd = 1e15
		unset  = -20_000 // a day before 2020
	)
	one := func(d int, ord int64) []Origin { return []Origin{numbered(d, ord)} }
	button := []Origin{registers}
	for name, test := range map[string]struct {
		counted [][]Origin // each of which is new
		old     [][]Origin // none of which is
		then    [][]Origin // each of which is new
	}{
		"in order":                    {[][]Origin{numbers(1, 1, 500)}, [][]Origin{numbers(1, 1, 500), numbers(1, 1, 500)}, [][]Origin{numbers(1, 501, 502)}},
		"from zero":                   {[][]Origin{one(1, 0), one(1, 1)}, [][]Origin{one(1, 0), one(1, 1)}, nil},
		"out of order":                {[][]Origin{one(1, 5), one(1, 3), one(1, 4), one(1, 1)}, [][]Origin{one(1, 1), one(1, 3), one(1, 4), one(1, 5)}, [][]Origin{one(1, 2), one(1, 0)}},
		"95 places late":              {[][]Origin{numbers(1, 1, 100), numbers(1, 102, 196)}, nil, [][]Origin{one(1, 101)}},
		"96 places late":              {[][]Origin{numbers(1, 1, 100), numbers(1, 102, 197)}, [][]Origin{one(1, 101)}, nil},
		"the whole log is sent again": {[][]Origin{numbers(1, 1, 3000)}, [][]Origin{numbers(1, 1, 3000)}, [][]Origin{numbers(1, 3001, 3200)}},
		"one number, two texts":       {[][]Origin{one(1, 7), {{Ord: 7, Time: numbered(1, 7).Time, Text: "Output 2 on"}}}, [][]Origin{one(1, 7)}, nil},
		"one number, two times":       {[][]Origin{one(1, 7), one(2, 7)}, [][]Origin{one(1, 7), one(2, 7)}, nil},

		"an absurd number":          {[][]Origin{one(1, 1), one(1, absurd), numbers(1, 2, 300)}, [][]Origin{numbers(1, 1, 300)}, [][]Origin{one(1, 301)}},
		"an absurd number and time": {[][]Origin{numbers(1, 1, 200), one(3000, absurd), numbers(1, 201, 500)}, [][]Origin{numbers(1, 1, 500)}, [][]Origin{one(1, 501)}},
		"the largest number":        {[][]Origin{one(1, 1), one(1, math.MaxInt64-1), one(1, math.MinInt64), numbers(1, 2, 300)}, [][]Origin{numbers(1, 2, 300)}, [][]Origin{one(1, 301)}},
		"a number that overflows":   {[][]Origin{numbers(1, 65_000, 65_535), numbers(2, 0, 300)}, [][]Origin{numbers(2, 0, 300)}, [][]Origin{one(2, 301)}},
		"a negative number":         {[][]Origin{one(1, -1), one(1, 5)}, [][]Origin{one(1, -1), one(1, -1)}, [][]Origin{one(1, -2)}},
		"numbers that fall":         {[][]Origin{one(1, -1), one(2, -2), one(3, -3)}, [][]Origin{one(1, -1), one(3, -3)}, nil},
		"no number":                 {[][]Origin{one(1, NoOrd), one(2, NoOrd), one(1, 5)}, [][]Origin{one(1, NoOrd), one(2, NoOrd)}, [][]Origin{one(3, NoOrd)}},

		"a new log, told":               {[][]Origin{numbers(1, 1, 500), button, numbers(2, 1, 500)}, [][]Origin{numbers(2, 1, 500)}, [][]Origin{numbers(2, 501, 502)}},
		"a new log, not told":           {[][]Origin{numbers(1, 1, 500), numbers(2, 1, 500)}, [][]Origin{numbers(2, 1, 500)}, [][]Origin{numbers(2, 501, 502)}},
		"a new log, told, and no clock": {[][]Origin{numbers(9, 1, 500), button, numbers(unset, 1, 500)}, [][]Origin{numbers(unset, 373, 500)}, [][]Origin{numbers(9, 501, 502)}},
		"twice, and no clock":           {[][]Origin{numbers(unset+1, 1, 500), button, numbers(unset, 1, 500)}, [][]Origin{numbers(unset, 373, 500)}, [][]Origin{numbers(unset, 501, 502)}},
		"a button, and no clock":        {[][]Origin{numbers(unset, 1, 100), button}, [][]Origin{one(unset, 100)}, [][]Origin{numbers(unset, 101, 102)}},
		"a new log before a repeat":     {[][]Origin{numbers(1, 1, 200), button, one(2, 1)}, [][]Origin{numbers(1, 199, 200), one(2, 1)}, [][]Origin{one(2, 2)}},
		"two new logs":                  {[][]Origin{numbers(1, 1, 200), button, button, numbers(2, 1, 60), button, numbers(3, 1, 60)}, [][]Origin{numbers(3, 1, 60)}, nil},

		"a button, and a repeat":            {[][]Origin{numbers(1, 1, 100), button}, [][]Origin{numbers(1, 1, 100)}, [][]Origin{one(1, 101)}},
		"a button, and old repeats":         {[][]Origin{numbers(1, 1, 900), button}, [][]Origin{numbers(1, 773, 900)}, [][]Origin{one(1, 901)}},
		"a new log, told, and an old clock": {[][]Origin{numbers(5, 5000, 5100), button, numbers(1, 1, 400)}, [][]Origin{numbers(1, 273, 400)}, [][]Origin{numbers(1, 401, 402)}},
		"a button, and late repeats":        {[][]Origin{numbers(1, 1, 100), button, one(1, 101)}, [][]Origin{numbers(1, 1, 101)}, nil},
		"a button, and a late record":       {[][]Origin{numbers(1, 1, 98), one(1, 100), button, one(1, 99)}, [][]Origin{numbers(1, 1, 100)}, [][]Origin{one(1, 101)}},
		"a registration comes first":        {[][]Origin{button, one(1, 7)}, [][]Origin{one(1, 7)}, [][]Origin{one(1, 6)}},

		"the clock begins in 1970 at each start": {[][]Origin{numbers(10, 1, 200), {{Ord: 201, Time: time.Unix(5, 0)}}, numbers(10, 202, 300), {{Ord: 301, Time: time.Unix(5, 0)}}}, [][]Origin{{{Ord: 201, Time: time.Unix(5, 0)}}, numbers(10, 1, 200)}, [][]Origin{one(10, 302)}},
		"the clock goes back":                    {[][]Origin{numbers(2, 1, 200), numbers(1, 201, 400)}, [][]Origin{numbers(1, 201, 400)}, [][]Origin{one(1, 401)}},

		"no times":                      {[][]Origin{untimed(1, 2, 3)}, [][]Origin{untimed(1, 2, 3)}, [][]Origin{untimed(4, 0)}},
		"no times, a new log":           {[][]Origin{untimed(1, 2, 3), button, untimed(1, 2)}, [][]Origin{untimed(1, 2)}, [][]Origin{untimed(3, 4)}},
		"no times, a button":            {[][]Origin{untimed(1, 2, 3), button}, [][]Origin{untimed(3)}, [][]Origin{untimed(4)}},
		"no times, never taken for old": {[][]Origin{numbers(1, 1000, 1500), untimed(1, 2)}, [][]Origin{untimed(1, 2)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var l EventLog
			counted := 0
			count := func(all [][]Origin, want bool) {
				for _, o := range slices.Concat(all...) {
					l = stored(t, l) // it may be restarted at any time
					if o == registers {
						l.MarkReset()
						continue
					}
					if got := l.Count(o, EventRecord{Code: "E"}); got != want {
						t.Fatalf("%d of %s is counted: %v, want %v", o.Ord, o.Time, got, want)
					}
					if want {
						counted++
					}
				}
			}
			count(test.counted, true)
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
	l.Count(Origin{Ord: 7}, EventRecord{Code: "15", Name: "Inlet Max Current", Text: "second", At: moment(2), Value: power.Raw(power.Of(12.09))})
	l.Add(EventRecord{Code: "20", Name: "Outlet On", Text: "third", At: moment(3), Value: power.Raw(power.Of(0))})
	l.Count(Origin{Ord: 7}, EventRecord{Code: "15", Text: "repeated", At: moment(4)})
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
		`{"recent":"AAAA"}`:                 "the newest event records cannot be read",
		`{"recent":"AgKAgICAgICAgICAgA=="}`: "the newest event records cannot be read",
		`{"recent":"/////////////w=="}`:     "the newest event records cannot be read",
		fmt.Sprintf(`{"recent":"%s"}`, strings.Repeat("AgIAAAAB", maxRecent+1)): "the newest event records cannot be read",
		string(tooMany): "the event log has 257 codes, more than 256",
		`[]`:            "json: cannot unmarshal array into Go value of type receiver.storedLog",
	} {
		var l EventLog
		if err := json.Unmarshal([]byte(data), &l); err == nil || err.Error() != want {
			t.Errorf("%.40s: error is %v, want %s", data, err, want)
		}
	}
}
