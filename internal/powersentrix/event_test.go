package powersentrix_test

import (
	"errors"
	"testing"
	"time"

	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// TestDecodeEvent reads the document's sample and variations of it.
func TestDecodeEvent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		data, code, cmm, description string
		ord                          int64
		numbered                     bool
	}{
		{
			string(file(t, "event.json")),
			"I/E01", "ups-01", "Output 1 turned ON", 1234, true,
		},
		{`{"ord":"1234","code":17,"cmm":1}`, "17", "1", "", 1234, true},
		{`{"ord":0,"code":"a"}`, "a", "", "", 0, true},
		{`{"ord":null,"code":"a"}`, "a", "", "", 0, false},
		{`{"ord":1.5,"code":"a"}`, "a", "", "", 0, false},
		{`{"ord":1e300,"code":"a"}`, "a", "", "", 0, false},
		{`{"ord":9007199254740992}`, "", "", "", 1 << 53, true},
		{`{"code":{}}`, "", "", "", 0, false},
	} {
		e, err := powersentrix.DecodeEvent([]byte(tt.data))
		if err != nil {
			t.Fatal(err)
		}
		ord, numbered := e.Sequence()
		if e.Code.String() != tt.code || e.CMM.String() != tt.cmm || e.Description.String() != tt.description || ord != tt.ord || numbered != tt.numbered {
			t.Errorf("%s is read as %+v with the number %d, %t", tt.data, e, ord, numbered)
		}
	}
	for _, data := range []string{`{}`, `null`, `{"message":"x"}`} {
		if _, err := powersentrix.DecodeEvent([]byte(data)); !errors.Is(err, powersentrix.ErrNothing) {
			t.Errorf("%s: the error is %v", data, err)
		}
	}
	if _, err := powersentrix.DecodeEvent([]byte(`{"ord":`)); err == nil || errors.Is(err, powersentrix.ErrNothing) {
		t.Errorf("half a record: the error is %v", err)
	}
}

func TestEventTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		`"2026-05-08 14:32:01"`:   time.Date(2026, 5, 8, 14, 32, 1, 0, time.UTC),
		`"2026-05-08T14:32:01"`:   time.Date(2026, 5, 8, 14, 32, 1, 0, time.UTC),
		`" 1970-01-01 00:00:05 "`: time.Date(1970, 1, 1, 0, 0, 5, 0, time.UTC),
		`"2026-13-08 14:32:01"`:   {}, `"2026-05-08"`: {}, `"14:32:01"`: {}, `""`: {}, `1778250721`: {}, `null`: {}, `{}`: {},
	} {
		e, err := powersentrix.DecodeEvent([]byte(`{"ord":1,"timestamp":` + text + `}`))
		if err != nil || !e.Time().Equal(want) {
			t.Errorf("%s is read as %s, %v; want %s", text, e.Time(), err, want)
		}
	}
}

// TestDecodeEvents reads the document's sample of the portal's list.
func TestDecodeEvents(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`[{"id":9901,"upsId":"42","cmm":"ups-01","code":"I/E01","description":"Output 1 turned ON","params":"","timestamp":"2026-05-08T14:32:01"},null]`,
		`{"responseMessage":"OK","responseObject":[{"id":"9901","cmm":"ups-01","code":"I/E01"}]}`,
	} {
		events, err := powersentrix.DecodeEvents([]byte(data))
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %d records, %v", data, len(events), err)
		}
		if n, ok := events[0].Sequence(); n != 9901 || !ok || events[0].Code != "I/E01" || events[0].CMM != "ups-01" {
			t.Errorf("%s is read as %+v with the number %d, %t", data, events[0], n, ok)
		}
	}
	if events, err := powersentrix.DecodeEvents([]byte(`{"responseMessage":"not allowed"}`)); err == nil {
		t.Errorf("a refusal gives %v", events)
	}
}

func TestCountedEvent(t *testing.T) {
	t.Parallel()
	got := powersentrix.CountedEvent("I/E01", 3, time.Unix(1778250721, 0))
	want := power.Event{Code: "I/E01", Total: power.Count(power.Of(3)), Last: power.Timestamp(time.Unix(1778250721, 0))}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
