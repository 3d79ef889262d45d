package powersentrix

import (
	"strings"
	"testing"

	"power_exporter/internal/lenient"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// TestName shows what a UPS is called in errors, and that a long name does not make
// a long error.
func TestName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		unit unit
		want string
	}{
		{unit{item: powersentrix.Item{ID: "42", CMM: "ups-01", Name: "Gate"}, known: power.Device{ID: "old"}}, "ups-01"},
		{unit{item: powersentrix.Item{ID: "42", Name: "Gate"}, known: power.Device{ID: "old"}}, "old"},
		{unit{item: powersentrix.Item{ID: "42", Name: "Gate"}}, "Gate"},
		{unit{item: powersentrix.Item{ID: "42"}}, "42"},
		{unit{place: 7}, "number 7 of the list"},
		{unit{item: powersentrix.Item{CMM: lenient.Text(strings.Repeat("ü", 1000))}}, strings.Repeat("ü", 60)},
	} {
		if got := tt.unit.name(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
