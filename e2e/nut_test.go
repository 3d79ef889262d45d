package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
	"power_exporter/internal/golden"
)

// three is the UPSes of most tests: a three-phase UPS, a PDU with outlets, and
// one that gets lost.
var three = []ups{{"rack3ph", `Hall 2, row C, "A"`}, {"epdu", ""}, {"stale", "Cellar"}}

// threeMetrics is what a probe of the three exports while the last is stale
// and was never seen otherwise.
const threeMetrics = "testdata/three.prom"

// TestRealUPSD reads a real upsd with real drivers while they come and go: one
// UPS that is gone costs neither its neighbours nor the time of a scrape, and is
// back without a restart.
func TestRealUPSD(t *testing.T) {
	t.Parallel()
	server := startUPSD(t, three...)
	server.freeze(t, "stale")
	server.says(t, "stale", "Error: Data stale")
	e := startExporter(t)
	// become waits for what a probe shows once upsd has noticed. Whatever state
	// the third UPS is in, the others must be read as well.
	become := func(what string, want map[string]string, neighbours *page) page {
		t.Helper()
		var p page
		program.Eventually(t, what, func() error {
			p = e.probe(t, "module=nut&target="+server.address)
			if neighbours == nil {
				return p.differs(want)
			}
			for _, name := range []string{"rack3ph", "epdu"} {
				diff := cmp.Diff(neighbours.seriesOf(name), p.seriesOf(name))
				if diff != "" && strings.Contains(p.body, `power_device_up{device="`+name+`"} 1`) {
					// upsd has connected to a driver and not yet heard everything.
					t.Errorf("%s: %s is up with half of its readings (-was +is):\n%s", what, name, diff)
				}
				if diff != "" {
					return fmt.Errorf("%s (-was +is):\n%s", name, diff)
				}
			}
			return p.differs(want)
		})
		lint(t, p.body)
		return p
	}
	up := map[string]string{
		"probe_success":                                               "1",
		`power_device_up{device="rack3ph"}`:                           "1",
		`power_device_up{device="epdu"}`:                              "1",
		`power_device_up{device="stale"}`:                             "1",
		`power_inlet_voltage_volts{device="stale",inlet="1",name=""}`: "228.4",
	}
	down := maps.Clone(up)
	down[`power_device_up{device="stale"}`] = "0"
	down[`power_inlet_voltage_volts{device="stale",inlet="1",name=""}`] = ""

	first := become("a stale UPS is down", down, nil)
	golden.Text(t, threeMetrics, stable(first.body))

	server.thaw(t, "stale")
	become("a UPS that is back is up", up, &first)

	server.drivers["stale"].Kill(t)
	server.says(t, "stale", "Error: Driver not connected")
	gone := become("a UPS without a driver is down", down, &first)
	// Who it is, is still known, and nothing else.
	golden.Text(t, "testdata/gone.prom", gone.seriesOf("stale"))
	if took := gone.number(t, "probe_duration_seconds"); took > 0.5 {
		t.Errorf("the probe took %gs", took)
	}

	server.startDriver(t, "stale")
	become("a UPS with a new driver is up", up, &first)

	server.Kill(t)
	become("without a server there is no success", map[string]string{
		"probe_success":                     "0",
		`power_device_up{device="rack3ph"}`: "0",
		`power_inlet_voltage_volts{device="rack3ph",inlet="1",name=""}`: "",
	}, nil)
	e.logs(t, `level=warn .*msg="probe failed" target=`+server.address+` module=nut err="NUT server `+server.address+`: dial tcp `+server.address+`: connect: connection refused"`)
	server.startServer(t)
	become("with a new server all is well", up, &first)
}

// TestSimulatedUPSD shows that the simulated server, with which much else is
// tested, is read exactly like the real one.
func TestSimulatedUPSD(t *testing.T) {
	t.Parallel()
	server, address := startNUTSim(t, nutsim.Options{}, three...)
	if err := server.SetState("stale", nutsim.StateStale); err != nil {
		t.Fatal(err)
	}
	e := startExporter(t)
	golden.Text(t, threeMetrics, stable(e.probe(t, "module=nut&target="+address).body))
}
