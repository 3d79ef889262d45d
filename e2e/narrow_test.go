package e2e

import (
	"net/http"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
)

// TestOneUPS shows that ups= asks the server for nothing but that UPS.
func TestOneUPS(t *testing.T) {
	t.Parallel()
	server, address := startNUTSim(t, nutsim.Options{}, three...)
	e := startExporter(t)
	p := e.probe(t, "module=nut&ups=epdu&target="+address)
	p.want(t, map[string]string{
		"probe_success":                     "1",
		`power_device_up{device="epdu"}`:    "1",
		`power_device_up{device="rack3ph"}`: "",
		`power_device_up{device="stale"}`:   "",
	})
	lint(t, p.body)
	if asked := server.Stats().Commands; asked["LIST"] != 1 || asked["LIST VAR"] != 1 {
		t.Errorf("the server was asked %v", asked)
	}
}

// TestOneDevice shows that device= exports nothing but that device.
func TestOneDevice(t *testing.T) {
	t.Parallel()
	_, address := startNUTSim(t, nutsim.Options{}, three...)
	e := startExporter(t)
	whole := e.probe(t, "module=nut&target="+address)
	p := e.probe(t, "module=nut&device=epdu&target="+address)
	p.want(t, map[string]string{"probe_success": "1"})
	if p.seriesOf("epdu") != whole.seriesOf("epdu") {
		t.Errorf("the device is not what it was:\n%s", p.body)
	}
	if others := p.seriesOf("rack3ph") + p.seriesOf("stale"); others != "" {
		t.Errorf("other devices are there:\n%s", others)
	}

	e.probe(t, "module=nut&device=nosuch&target="+address).want(t, map[string]string{"probe_success": "0"})
	e.logs(t, `level=warn .*msg="probe failed".*there is no device \\"nosuch\\": known are \\"rack3ph\\", \\"epdu\\", \\"stale\\"`)
}

// TestUnknownUPS shows that a name the server does not know is a failed probe,
// which says so, and one that cannot be a name is refused.
func TestUnknownUPS(t *testing.T) {
	t.Parallel()
	_, address := startNUTSim(t, nutsim.Options{}, three...)
	e := startExporter(t)
	e.probe(t, "module=nut&ups=nosuch&target="+address).want(t, map[string]string{
		"probe_success":                    "0",
		`power_device_up{device="nosuch"}`: "0",
	})
	e.logs(t, `level=warn .*msg="probe failed".*LIST VAR nosuch: ERR UNKNOWN-UPS: the server has no UPS of this name`)
	p := e.get(t, "/probe?module=nut&ups=no/such&target="+address)
	p.wantStatus(t, http.StatusBadRequest)
	if want := `parameter ups is "no/such": that is no name of a UPS`; strings.TrimSpace(p.body) != want {
		t.Errorf("the answer is %q, want %q", p.body, want)
	}
}

// TestDebug shows what a person sees who asks why.
func TestDebug(t *testing.T) {
	t.Parallel()
	server, address := startNUTSim(t, nutsim.Options{}, three...)
	if err := server.SetState("stale", nutsim.StateStale); err != nil {
		t.Fatal(err)
	}
	e := startExporter(t)
	p := e.probe(t, "module=nut&debug=true&target="+address)
	p.wantText(t, "Probe of "+address+" succeeded in ", "Devices: 3, of which 2 are up.",
		"Requests:\n  connect ", "  LIST UPS ", "  LIST VAR epdu ", "ERR DATA-STALE",
		"Log:\n", "probe succeeded", "Module nut:\n", "timeout: 10s",
		"Metrics:\n", "\n"+`power_device_up{device="rack3ph"} 1`+"\n", "\nprobe_success 1\n")
	if kind := p.header.Get("Content-Type"); kind != "text/plain; charset=utf-8" {
		t.Errorf("it is %s", kind)
	}
	e.probe(t, "module=nut&debug=true&target="+listen(t, rebuff).address).
		wantText(t, " failed in ", "Errors:\n", "LIST UPS: the server closed the connection", "\nprobe_success 0\n")
}
