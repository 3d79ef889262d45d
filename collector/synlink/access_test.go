package synlink

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/synlinksim"
)

// TestAccess reads a PDU twice in each way, and counts what that costs.
func TestAccess(t *testing.T) {
	t.Parallel()
	basic := loggedIn()
	basic.Basic = true
	for _, tt := range []struct {
		name    string
		options synlinksim.Options
		access  Access
		first   map[string]int // beside each endpoint once
	}{
		{"token", synlinksim.Options{}, Access{Token: synlinksim.AdminToken}, map[string]int{}},
		{"basic", synlinksim.Options{BasicAuth: true}, basic, map[string]int{}},
		{"session", synlinksim.Options{}, loggedIn(), map[string]int{"/login": 1}},
		{"session of newer firmware", synlinksim.Options{LoginPaths: []string{"/api/login"}}, loggedIn(), map[string]int{"/login": 1, "/api/login": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pdu, base := play(t, tt.options, "single8")
			o := options(base)
			o.Access = tt.access
			c := open(t, o)
			maps.Copy(tt.first, once())
			for _, want := range []map[string]int{tt.first, once()} {
				before := pdu.Stats()
				read(t, c)
				if diff := cmp.Diff(want, requests(before, pdu.Stats())); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			}
			if stats := pdu.Stats(); len(stats.Writes) > 0 || stats.MaxInFlight > 2 {
				t.Errorf("%+v", stats)
			}
		})
	}
}
