package synlink_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// TestEventCodes compares the table of docs/synlink.md with what is known of
// each code.
func TestEventCodes(t *testing.T) {
	t.Parallel()
	var want [][]string
	for code := range 200 {
		c := strconv.Itoa(code)
		if name := synlink.EventName(c); name != "" {
			want = append(want, []string{c, name, synlink.EventUnit(c)})
		} else if unit := synlink.EventUnit(c); unit != "" {
			t.Errorf("%d has the unit %s and no name", code, unit)
		}
	}
	if len(want) != 48 {
		t.Errorf("%d codes are known, the vendor's table has 48", len(want))
	}
	if diff := cmp.Diff(want, rows(t, "Event codes")); diff != "" {
		t.Errorf("docs/synlink.md has another table (-want +got):\n%s", diff)
	}
	for _, code := range []string{"", "9", "015", "15 ", "x"} {
		if name := synlink.EventName(code); name != "" {
			t.Errorf("%q is %s", code, name)
		}
	}
}

func TestEventOfAPost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code  string
		value power.Number
		want  power.Event
	}{
		{"15", power.Of(12.09), power.Event{Code: "15", Event: "Inlet Max Current Threshold", LastValue: power.Amperes(power.Of(12.09))}},
		{"39", power.Of(900), power.Event{Code: "39", Event: "Bank Max Active Power Threshold", LastValue: power.Watts(power.Of(900))}},
		{"22", power.Of(5), power.Event{Code: "22", Event: "Inlet Active Energy Accumulation Max", LastValue: power.Raw(power.Of(5))}},
		{"15", power.Number{}, power.Event{Code: "15", Event: "Inlet Max Current Threshold"}},
		{"30", power.Of(0), power.Event{Code: "30", Event: "Bank Circuit Breaker Trip"}},
		{"55", power.Of(1), power.Event{Code: "55", Event: "ATS Switched to Secondary"}},
		{"99", power.Of(1), power.Event{Code: "99", LastValue: power.Raw(power.Of(1))}},
	} {
		got := synlink.Webhook{EventCode: tt.code, EventName: "mine", ValueExceedingThreshold: tt.value}.Event()
		if got != tt.want {
			t.Errorf("code %s with %v: got %+v, want %+v", tt.code, tt.value, got, tt.want)
		}
	}
}
