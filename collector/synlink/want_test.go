package synlink

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// lines is a line for each endpoint, in which $ is its name.
func lines(line string, endpoints ...string) string {
	if !strings.Contains(line, "$") {
		return line
	}
	var all []string
	for _, endpoint := range endpoints {
		all = append(all, strings.ReplaceAll(line, "$", endpoint))
	}
	return strings.Join(all, "\n")
}

// wantError complains about another text.
func wantError(tb testing.TB, err error, want string) {
	tb.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		tb.Errorf("error (-want +got):\n%s", diff)
	}
}

// total is the number of requests.
func total(stats synlinksim.Stats) int {
	n := 0
	for _, more := range stats.Requests {
		n += more
	}
	return n
}

// told is the PDU by the answers of all endpoints but some.
func told(tb testing.TB, pdu *synlinksim.PDU, but ...string) power.Device {
	tb.Helper()
	r := synlink.Readings{Host: "pdu.example.net"}
	for _, endpoint := range endpoints {
		if slices.Contains(but, endpoint) {
			continue
		}
		if err := r.Answer(endpoint, pdu.Reply(endpoint)); err != nil {
			tb.Fatal(err)
		}
	}
	return r.Device()
}

// exportAll lets cmp look into everything.
var exportAll = cmp.Exporter(func(reflect.Type) bool { return true })

// wantDevices complains about other devices.
func wantDevices(tb testing.TB, got []power.Device, want ...power.Device) {
	tb.Helper()
	if diff := cmp.Diff(want, got, exportAll); diff != "" {
		tb.Errorf("devices (-want +got):\n%s", diff)
	}
}
