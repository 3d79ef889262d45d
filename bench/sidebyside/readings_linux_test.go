package main

import (
	"context"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"power_exporter/bench/pdu"
	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
	"power_exporter/collector/synlink"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
)

// TestJSONExporter reads the PDU by json_exporter and by the exporter's own
// collector, and shows that the numbers are the same.
func TestJSONExporter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "json_exporter")
	build := exec.CommandContext(t.Context(), "go", "build", "-C", "../../tools/jsonexporter", "-buildvcs=false", "-o", program,
		"github.com/prometheus-community/json_exporter")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building json_exporter: %v\n%s", err, output)
	}
	_, base := playPDU(t)
	theirs, err := startJSONExporter(t.Context(), program, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.stop()
	text, err := theirs.probeAll(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	lacked, err := compare([]byte(readPDU(t, base)), text)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"power_device_up", "power_inlet_three_phase_balance_ratio"}; !slices.Equal(lacked, want) {
		t.Errorf("json_exporter has none of %q, want %q", lacked, want)
	}
}

// playPDU plays the PDU until the test ends.
func playPDU(t *testing.T) (*synlinksim.PDU, *url.URL) {
	t.Helper()
	sim := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded(pdu.Model))
	return sim, &url.URL{Scheme: "http", Host: play(t, sim)}
}

// play serves a simulated device until the test ends, and says where.
func play(t *testing.T, device interface {
	Serve(net.Listener) error
	Close() error
},
) (address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- device.Serve(listener) }()
	t.Cleanup(func() {
		if err := device.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// readPDU is what the exporter shows of the PDU.
func readPDU(t *testing.T, base *url.URL) string {
	t.Helper()
	c := synlink.New(synlink.Options{
		Base: base, Access: synlink.Access{Token: pdu.Token}, Endpoints: pdu.Endpoints(),
	}, collector.NewGate(atATime))
	defer c.Close()
	devices, err := c.Collect(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return golden.Gather(t, exposition.NewCollector(devices))
}

func TestCompare(t *testing.T) {
	t.Parallel()
	const ours = `# TYPE power_circuit_energy_joules_total counter
power_circuit_energy_joules_total{circuit="286331153",device="d",name="Bank 1"} 7.2e+06
# TYPE power_device_up gauge
power_device_up{device="d"} 1
# TYPE power_sensor_humidity_ratio gauge
power_sensor_humidity_ratio{device="d",sensor="1"} 0.28899999618530275
power_sensor_humidity_ratio{device="d",sensor="2"} 0.5
probe_success 1
`
	const theirs = `power_circuit_energy_kilowatthours_total{circuit="2.86331153e+08",name="Bank 1"} 2
power_sensor_humidity_percent{sensor="1"} 28.899999618530273
power_sensor_humidity_percent{sensor="2"} 50
`
	for name, c := range map[string]struct {
		theirs string
		lacked string
		err    string // a part
	}{
		"the same":        {theirs: theirs, lacked: "power_device_up"},
		"another number":  {theirs: strings.Replace(theirs, "} 50", "} 51", 1), err: "is 0.51 by json_exporter"},
		"another label":   {theirs: strings.Replace(theirs, "Bank 1", "Bank 2", 1), err: "is by json_exporter alone"},
		"a label more":    {theirs: strings.Replace(theirs, `{sensor="2"`, `{port="B",sensor="2"`, 1), err: "is by json_exporter alone"},
		"too few labels":  {theirs: strings.Replace(theirs, `{sensor="1"}`, "", 1), err: "could be"},
		"a series less":   {theirs: theirs[:strings.LastIndex(strings.TrimSpace(theirs), "\n")+1], err: "but others of the family are"},
		"a family less":   {theirs: theirs[strings.Index(theirs, "\n")+1:], lacked: "power_circuit_energy_joules_total power_device_up"},
		"a family more":   {theirs: theirs + "power_of_attorney 1\n", err: "is by json_exporter alone"},
		"no metrics":      {theirs: "<html>", err: "reading json_exporter"},
		"a device's name": {theirs: strings.Replace(theirs, `{sensor="1"`, `{device="e",sensor="1"`, 1), err: "is by json_exporter alone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lacked, err := compare([]byte(ours), []byte(c.theirs))
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("error is %v, want one with %q", err, c.err)
			}
			if got := strings.Join(lacked, " "); got != c.lacked {
				t.Errorf("lacks %q, want %q", got, c.lacked)
			}
		})
	}
}
