package nut

import (
	"errors"
	"testing"

	"power_exporter/collector"
)

func TestWhatCountsAsRefused(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{
		"ERR ACCESS-DENIED\n": true,
		"ERR INVALID-USERNAME\nERR USERNAME-REQUIRED\nERR ACCESS-DENIED\n": true,
		"OK\nERR INVALID-PASSWORD\nERR ACCESS-DENIED\n":                    true,
		"ERR USERNAME-REQUIRED\n":                                          false,
		"ERR UNKNOWN-UPS\n":                                                false,
		"ERR DATA-STALE\n":                                                 false,
	} {
		o := Options{Address: serve(t, say(answer))}
		if answer != "ERR ACCESS-DENIED\n" && want {
			o.Username, o.Password = "monitor", "secret"
		}
		if _, err := collect(t, o); err == nil || errors.Is(err, collector.ErrRefused) != want {
			t.Errorf("%q: want refused %t: %v", answer, want, err)
		}
	}
}
