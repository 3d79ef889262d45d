package powersentrix

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// counts are the events of a device in short.
func counts(d power.Device) string {
	var all []string
	for _, e := range d.Events {
		text := e.Code + "=" + e.Total.String()
		if e.Last.Present() {
			text += " seen"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// TestEventsOfAPortal counts what a UPS records between readings, however many
// pages it is, and nothing twice.
func TestEventsOfAPortal(t *testing.T) {
	t.Parallel()
	all := entries(t)
	portal, address := powersentrixsim.StartPortal(t, simPortal(), all...)
	o := portalOptions(t, address)
	o.LogPath = logPath
	c := start(t, o)
	record := func(code string, n int) {
		for range n {
			all[0].UPS.Record(code, "whatever", "")
		}
	}
	check := func(want string) {
		t.Helper()
		devices, err := collect(t, c)
		if len(devices) != 2 {
			t.Fatalf("%d devices, %v", len(devices), err)
		}
		if got := counts(devices[0]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := counts(devices[1]); got != "" {
			t.Errorf("the other has %s", got)
		}
	}
	record("I/E01", 70)
	record("W/E10", 3)
	check("I/E01=0, W/E10=0")
	check("I/E01=0, W/E10=0")
	record("I/E01", 1)
	check("I/E01=1 seen, W/E10=0")
	record("I/E02", 1)
	record("I/E01", 148)
	check("I/E01=149 seen, I/E02=1 seen, W/E10=0")
	check("I/E01=149 seen, I/E02=1 seen, W/E10=0")
	record("W/E10", 50)
	check("I/E01=149 seen, I/E02=1 seen, W/E10=50 seen")

	// A page that cannot be read costs none of its records.
	record("I/E02", 60)
	portal.SetFault("/api/v1"+logPath, simfault.Fault{Status: http.StatusInternalServerError, Times: 4})
	check("I/E01=149 seen, I/E02=1 seen, W/E10=50 seen")
	check("I/E01=149 seen, I/E02=1 seen, W/E10=50 seen")
	check("I/E01=149 seen, I/E02=61 seen, W/E10=50 seen")

	// One that is offline has no readings, and events all the same.
	all[0].Offline = true
	portal.SetEntries(all...)
	record("I/E02", 1)
	check("I/E01=149 seen, I/E02=62 seen, W/E10=50 seen")

	// What is known stays, even if the portal tells nothing.
	portal.SetFault("/api/v1/ups/getUpsList", simfault.Fault{Status: http.StatusInternalServerError})
	check("I/E01=149 seen, I/E02=62 seen, W/E10=50 seen")
	portal.SetFault("/api/v1/ups/getUpsList", simfault.Fault{})

	// Another collector, as after a restart, begins at 0.
	c = start(t, o)
	check("I/E02=0")
}

// TestHalfOfTheEvents breaks off between two pages.
func TestHalfOfTheEvents(t *testing.T) {
	t.Parallel()
	all := entries(t)[:1]
	var broken atomic.Bool
	_, address := behind(t, all, func(w http.ResponseWriter, r *http.Request) bool {
		if broken.Load() && r.URL.Query().Get("page") == "1" {
			w.WriteHeader(http.StatusInternalServerError)
			return true
		}
		return false
	})
	o := portalOptions(t, address)
	o.LogPath = logPath
	c := start(t, o)
	mustCollect(t, c)
	for range 60 {
		all[0].UPS.Record("I/E01", "whatever", "")
	}
	broken.Store(true)
	devices, err := collect(t, c)
	want := `reading UPS "ups-01": events: GET ` + address + `/api/v1/ups/getLog?id=42&limit=50&page=1: 500 Internal Server Error`
	if err == nil || err.Error() != want || counts(devices[0]) != "" || !devices[0].Up {
		t.Errorf("%s, %v", counts(devices[0]), err)
	}
	broken.Store(false)
	if got := counts(mustCollect(t, c)[0]); got != "I/E01=60 seen" {
		t.Errorf("got %s", got)
	}
}

// page is what a portal lists of records with these ids, of a code each.
func page(code string, ids ...int) []powersentrix.Event {
	var text []string
	for _, id := range ids {
		// The UPS's own number is no use: it begins anew after a reset.
		text = append(text, fmt.Sprintf(`{"id":%d,"ord":1,"code":%q}`, id, code))
	}
	events, err := powersentrix.DecodeEvents([]byte("[" + strings.Join(text, ",") + "]"))
	if err != nil {
		panic(err)
	}
	return events
}

// down is a full page of ids, down from a number.
func down(from int) []int {
	var ids []int
	for i := range pageSize {
		ids = append(ids, from-i)
	}
	return ids
}

// TestPages takes lists page by page, in turn, into one log that has begun at
// record 100.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		pages [][]powersentrix.Event
		total string
		err   string
	}{
		{"nothing new", [][]powersentrix.Event{page("a", down(100)...)}, "a=0", ""},
		{"an empty log", [][]powersentrix.Event{{}}, "a=0", ""},
		{"some new ones", [][]powersentrix.Event{page("a", down(103)...)}, "a=3 seen", ""},
		{"a short page", [][]powersentrix.Event{page("a", 102, 101)}, "a=2 seen", ""},
		{"a full page, and an empty one", [][]powersentrix.Event{page("a", down(150)...), {}}, "a=50 seen", ""},
		{"three pages", [][]powersentrix.Event{page("a", down(240)...), page("a", down(190)...), page("a", down(140)...)}, "a=140 seen", ""},
		{"a record that moved to the next page", [][]powersentrix.Event{page("a", down(160)...), page("a", down(111)...)}, "a=60 seen", ""},
		{"pages that are all the same", [][]powersentrix.Event{page("a", down(150)...), page("a", down(150)...)}, "a=50 seen", ""},
		{"a smaller number than ever", [][]powersentrix.Event{page("a", 3, 2, 1)}, "a=0", ""},
		{"a new code", [][]powersentrix.Event{slices.Concat(page("b", 102), page("", 101), page("a", 100))}, "=1 seen, a=0, b=1 seen", ""},
		{"a long code", [][]powersentrix.Event{page(strings.Repeat("x", 65), 102, 101)}, "a=0, other=2 seen", ""},
		{"odd members", [][]powersentrix.Event{slices.Concat(make([]powersentrix.Event, 2), page("a", 101))}, "a=1 seen", ""},
		{"no ids", [][]powersentrix.Event{make([]powersentrix.Event, 2)}, "a=0", "the records have no id, by which new ones could be told from old ones"},
		{"no ids on a full page", [][]powersentrix.Event{make([]powersentrix.Event, 50)}, "a=0", "the records have no id, by which new ones could be told from old ones"},
		{"the oldest first", [][]powersentrix.Event{page("a", reversed(down(150))...)}, "a=0", "the oldest records are listed first: only a list with the newest first can be read"},
		{"the oldest first, on one page", [][]powersentrix.Event{page("a", 100, 101, 102)}, "a=2 seen", ""},
	} {
		var l eventLog
		first := newFresh(&l)
		if more, err := first.take(page("a", down(100)...)); more || err != nil {
			t.Fatalf("at first sight: %v, %v", more, err)
		}
		first.count(time.Now())
		f := newFresh(&l)
		var err error
		for i, p := range tt.pages {
			var more bool
			if more, err = f.take(p); err != nil {
				break
			}
			if more != (i < len(tt.pages)-1) {
				t.Errorf("%s: after page %d more is %t", tt.name, i, more)
			}
		}
		text := ""
		if err == nil {
			f.count(time.Now())
		} else {
			text = err.Error()
		}
		if got := counts(power.Device{Events: l.events()}); got != tt.total || text != tt.err {
			t.Errorf("%s: got %s and %q, want %s and %q", tt.name, got, text, tt.total, tt.err)
		}
	}
}

// reversed is a list the other way round.
func reversed(ids []int) []int {
	slices.Reverse(ids)
	return ids
}

// TestTooManyEvents shows that one reading does not read a log without end, and
// says so once.
func TestTooManyEvents(t *testing.T) {
	t.Parallel()
	all := []powersentrixsim.Entry{{ID: "1", UPS: powersentrixsim.NewUPS(powersentrixsim.Options{LogSize: 5000}, manual())}}
	t.Cleanup(func() {
		if err := all[0].UPS.Close(); err != nil {
			t.Error(err)
		}
	})
	c, portal := startPortal(t, all, withLog)
	mustCollect(t, c)
	for range 1200 {
		all[0].UPS.Record("I/E01", "whatever", "")
	}
	devices, err := collect(t, c)
	const want = `reading UPS "ups-01": events: there are more than 1000 new ones: the newest are counted, the others never will be`
	if err == nil || err.Error() != want || counts(devices[0]) != "I/E01=1000 seen" {
		t.Errorf("%s, %v", counts(devices[0]), err)
	}
	if n := portal.Stats().Requests["GET /api/v1"+logPath]; n != 1+maxPages {
		t.Errorf("%d pages", n)
	}
	if got := counts(mustCollect(t, c)[0]); got != "I/E01=1000 seen" {
		t.Errorf("then %s", got)
	}
}

// TestManyCodes shows that the codes of a UPS are bounded.
func TestManyCodes(t *testing.T) {
	t.Parallel()
	l := eventLog{begun: true}
	for i := range 300 {
		f := newFresh(&l)
		if _, err := f.take(page("E"+strconv.Itoa(i), i+1)); err != nil {
			t.Fatal(err)
		}
		f.count(time.Now())
	}
	events := l.events()
	at := slices.IndexFunc(events, func(e power.Event) bool { return e.Code == "other" })
	if len(events) != maxCodes || at < 0 || events[at].Total.String() != "45" {
		t.Errorf("%d codes", len(events))
	}
}

// TestWhenEventsWere shows that an event is as old as its receipt, and one of
// before the first reading of no known age.
func TestWhenEventsWere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l eventLog
		want := power.Value{}
		for i := range 3 {
			f := newFresh(&l)
			if _, err := f.take(page("a", i+1)); err != nil {
				t.Fatal(err)
			}
			f.count(time.Now())
			if got := l.events()[0]; got.Last != want || got.Total != power.Count(power.Of(i)) {
				t.Errorf("reading %d: got %+v", i, got)
			}
			<-time.After(time.Minute)
			want = power.Timestamp(time.Now())
		}
	})
}
