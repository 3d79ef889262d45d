package receiver

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/power"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	e := &Entry{State: []byte(`{"a":1}`), Received: time.Unix(1, 2).UTC(), Measured: time.Unix(3, 4).UTC()}
	e.Events.Count(numbered(1, 5), EventRecord{Code: "E", At: time.Unix(6, 7).UTC(), Value: power.Raw(power.Of(1.5))})
	for _, want := range []*Entry{e, {}} {
		record, err := encodeRecord("ups-01", want)
		if err != nil {
			t.Fatal(err)
		}
		id, got, err := decodeRecord(record)
		if err != nil || id != "ups-01" {
			t.Fatalf("id %q, error %v", id, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(EventLog{}, eventCount{}, origin{}, power.Value{})); diff != "" {
			t.Errorf("difference from what was stored (-) to what was read (+):\n%s", diff)
		}
	}
}

// TestDamagedRecords flips each bit and cuts at each byte.
func TestDamagedRecords(t *testing.T) {
	t.Parallel()
	record, err := encodeRecord("ups-01", &Entry{State: []byte(`{"a":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	for i := range record {
		if _, _, err := decodeRecord(record[:i]); err == nil {
			t.Errorf("cut to %d bytes it is read", i)
		}
		for bit := range 8 {
			flipped := bytes.Clone(record)
			flipped[i] ^= 1 << bit
			if _, _, err := decodeRecord(flipped); err == nil {
				t.Errorf("with bit %d of byte %d flipped it is read", bit, i)
			}
		}
	}
	record[0] = 2
	want := "a record has the version 2, and only 1 is known: was it written by a newer power_exporter?"
	if _, _, err := decodeRecord(record); err == nil || err.Error() != want {
		t.Errorf("error is %v", err)
	}
}
