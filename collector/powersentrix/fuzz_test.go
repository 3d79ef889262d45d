package powersentrix

import (
	"strings"
	"testing"
	"time"

	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// FuzzLogIn reads arbitrary answers to a log-in. What comes of it can be sent as
// a header, and no error shows what came.
func FuzzLogIn(f *testing.F) {
	for _, body := range []string{
		`{"token":"abc"}`, `{"message":"invalidEmailOrPassword"}`, `{"responseObject":{"token":"a\r\nb"}}`, `{"token":["a"]}`,
		`{"responseObject":7,"message":"disabledLoginFromWeb"}`, `<html>`, "\ufeff{}", `null`, `"s3cret"`,
	} {
		f.Add([]byte(body))
	}
	p := &portal{auth: "dc"}
	f.Fuzz(func(t *testing.T, body []byte) {
		token, err := p.tokenOf(body)
		if (token == "") != (err != nil) || strings.ContainsAny(token, "\r\n \x00") {
			t.Errorf("%q: token %q, %v", body, token, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", body, err)
		}
	})
}

// FuzzList reads arbitrary lists of UPSes. Each that can be asked for is there
// once, and all that are there have a name in errors.
func FuzzList(f *testing.F) {
	for _, body := range []string{
		`{"responseMessage":"OK","responseObject":[{"id":42,"cmm":"ups-01","name":"x"}]}`, `[{"id":1},{"id":"1"},{},null,7]`, `[[]]`, ` [ ] `, `null`,
		`{"responseObject":null}`, `[{"id":" ","cmm":" "}]`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := decodeList(body)
		if err != nil && len(items) > 0 {
			t.Errorf("%d UPSes, and %v", len(items), err)
		}
		var p portal
		for range 2 {
			p.arrange(items)
			seen := map[string]bool{}
			for _, u := range p.units {
				if id := u.item.ID.String(); id != "" && seen[id] {
					t.Errorf("%q is there twice", id)
				} else {
					seen[id] = true
				}
				if d, known := u.down(); u.name() == "" || d.Up || known != (d.ID != "") {
					t.Errorf("%q is %+v", u.name(), d)
				}
			}
		}
	})
}

// FuzzEvents takes arbitrary lists of records twice, after a first sight of a
// third one: whatever they are, the counts do not fall, and the same list counts
// once.
func FuzzEvents(f *testing.F) {
	f.Add([]byte(`[{"id":2,"code":"a"}]`), []byte(`[{"id":4,"code":"b"},{"id":3,"code":"a"}]`))
	f.Add([]byte(`[]`), []byte(`{"responseMessage":"OK","responseObject":[{"id":"9901","code":"I/E01","ord":7}]}`))
	f.Add([]byte(`[{"id":1e300}]`), []byte(`[{"id":-5},{"id":9007199254740993},{"id":0.5},7]`))
	f.Fuzz(func(t *testing.T, before, after []byte) {
		var l eventLog
		take := func(body []byte) (total float64) {
			records, err := powersentrix.DecodeEvents(body)
			if err != nil {
				return sum(&l)
			}
			fresh := newFresh(&l)
			if _, err := fresh.take(records); err == nil {
				fresh.count(time.Unix(1_800_000_000, 0))
			}
			return sum(&l)
		}
		if n := take(before); n != 0 {
			t.Errorf("at first sight %g are counted", n)
		}
		first := take(after) // which is the first sight if before was no list
		if again := take(after); again != first {
			t.Errorf("first %g, then %g", first, again)
		}
		devices := []power.Device{{ID: "a", Events: l.events()}}
		for _, mended := range power.Validate(devices) {
			t.Errorf("mended: %v", mended)
		}
	})
}

// sum is all that was counted.
func sum(l *eventLog) (total float64) {
	for _, e := range l.events() {
		n, _ := e.Total.Get()
		total += n
	}
	return total
}
