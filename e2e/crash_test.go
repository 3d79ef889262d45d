package e2e

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/e2e/program"
)

var (
	crashes = flag.Int("crashes", 4, "how often the exporter is killed while devices push")
	pushing = flag.Int("pushing", 200, "how many devices push while the exporter is killed")
)

// pushConfig is the configuration of a company that pushes.
func pushConfig(t *testing.T, company string) (file string) {
	t.Helper()
	dir := room(t)
	write(t, dir, "company", company+"\n")
	return write(t, dir, "config.yml", "receivers: {powersentrix: {companies: [{name: acme, id_file: company}], max_devices: 100000}}\nstorage: {path: pushed}\n")
}

// TestKilledWhileDevicesPush kills the exporter again and again while a fleet
// pushes readings and events to it. After each start every event that was
// acknowledged is there, counted once.
func TestKilledWhileDevicesPush(t *testing.T) {
	address, company := program.FreeAddress(t), newSecret()
	fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
		Push: powersentrixsim.PushOptions{
			Server: "http://" + address, CompanyID: company, Period: 2*time.Second + time.Duration(*pushing)*2*time.Millisecond,
			Timeout: 20 * time.Second, Retry: 100 * time.Millisecond, MaxRetry: time.Second,
		},
		Size: *pushing, Concurrency: *pushing, EventEvery: 1, AtOnce: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--config.file=" + pushConfig(t, company), "--push.listen-address=" + address}
	ctx, stop := context.WithCancel(t.Context())
	pushed := make(chan struct{})
	go func() {
		defer close(pushed)
		fleet.Run(ctx)
	}()
	before := 0
	for range *crashes {
		e := startExporter(t, args...)
		program.Eventually(t, "more events are acknowledged", func() error {
			if n := acknowledged(fleet); n < before+*pushing/5 {
				return fmt.Errorf("%d are, by %+v", n, fleet.Stats())
			}
			return nil
		})
		e.Judge = nil // it does not end in good order
		e.Kill(t)
		before = acknowledged(fleet)
	}
	stop()
	<-pushed

	e := startExporter(t, args...)
	after := e.metrics(t)
	counted := eventCounts(t, after)
	last := 0
	for _, a := range fleet.Acknowledged() {
		total, have := 0, 0
		for code, n := range a.Events {
			total += n
			have += counted[a.CMM+" "+code]
		}
		last += total
		if up := fmt.Sprintf("power_device_up{device=%q} 1\n", a.CMM); a.Data > 0 && !strings.Contains(after.body, up) {
			t.Errorf("%s: its pushes were acknowledged, and it is not there", a.CMM)
		}
		// One more may have been stored whose acknowledgement was lost.
		if have != total && have != total+1 {
			t.Errorf("%s: %d events are counted of %d that were acknowledged", a.CMM, have, total)
		}
	}
	t.Logf("%d events of %d devices were acknowledged over %d crashes", last, *pushing, *crashes)
	if last < *crashes**pushing/5 {
		t.Errorf("only %d events were acknowledged: that shows nothing", last)
	}
}

// acknowledged is the number of events that the exporter has acknowledged.
func acknowledged(fleet *powersentrixsim.Fleet) (n int) {
	for _, a := range fleet.Acknowledged() {
		for _, count := range a.Events {
			n += count
		}
	}
	return n
}

// eventCounts are the values of power_events_total by "device code".
func eventCounts(t *testing.T, p page) map[string]int {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, m := range families["power_events_total"].GetMetric() {
		labels := map[string]string{}
		for _, l := range m.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		counts[labels["device"]+" "+labels["code"]] += int(m.GetCounter().GetValue())
	}
	return counts
}
