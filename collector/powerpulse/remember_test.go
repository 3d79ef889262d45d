package powerpulse

import (
	"context"
	"fmt"
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector/nut"
	"power_exporter/power"
)

// catch is a collector that shows the context of a reading.
type catch func(context.Context)

func (c catch) Collect(ctx context.Context) ([]power.Device, error) {
	c(ctx)
	return nil, nil
}

// devicesOf is the one device that a UPS is mapped to.
func devicesOf(t *testing.T, s *system) power.Device {
	t.Helper()
	all := devices(s, nut.Natives{})
	if len(all) != 1 {
		t.Fatalf("%s is mapped to %d devices", s.deviceID(), len(all))
	}
	return all[0]
}

// TestRemembered shows what becomes of a UPS that is known and then is not: its
// readings go, and who it was stays, until it is no longer listed.
func TestRemembered(t *testing.T) {
	t.Parallel()
	const (
		well = `{"id":1,"upsName":"a","nutServerId":1,"batteryCharge":50,"model":"M1","deviceDetails":{"serial":"S1","mfr":"APC"},"upsDetails":{"status":"OL","serial":"S1","model":"M1"}}`
		down = `{"id":1,"upsName":"a","nutServerId":1,"status":"Unknown","batteryCharge":null,"load":null}`
		bad  = `{"id":1,"upsName":"a","nutServerId":1,"status":"Error","rawVariables":{}}`
		mix  = `{"id":1,"upsName":"a","nutServerId":1,"batteryCharge":70,"model":"M1","deviceDetails":{"serial":"S1","mfr":"EATON"},"upsDetails":{"status":"OB","serial":"S2","model":"M1"}}`
		next = `{"id":2,"upsName":"b","nutServerId":1,"batteryCharge":60}`
	)
	c, server := start(t, powerpulsesim.Options{}, systems("[]"))
	show := func(d power.Device) string {
		return fmt.Sprintf("%s up=%t %s/%s/%s %d", d.ID, d.Up, d.Vendor, d.Model, d.Serial, len(d.Batteries))
	}
	for i, step := range []struct{ list, want string }{
		{"[" + down + "]", "a@1 up=false // 0"},
		{"[" + mix + "]", "a@1 up=false // 0"},
		{"[" + well + "," + next + "]", "a@1 up=true APC/M1/S1 1"},
		{"[" + down + "," + next + "]", "a@1 up=false APC/M1/S1 0"},
		{"[" + mix + "," + next + "]", "a@1 up=false APC/M1/S1 0"},
		{"[" + bad + "," + next + "]", "a@1 up=false APC/M1/S1 0"},
		{"[" + well + "]", "a@1 up=true APC/M1/S1 1"},
		{"[" + next + "]", "b@1 up=true // 1"},
		{"[" + down + "]", "a@1 up=false // 0"},
	} {
		if err := server.SetSystems(step.list); err != nil {
			t.Fatal(err)
		}
		devices := mustCollect(t, c)
		if got := show(devices[0]); got != step.want {
			t.Errorf("step %d: %s, want %s", i, got, step.want)
		}
		power.Validate(devices) // what a pool does with them
		for j := range devices {
			devices[j].Vendor = "changed" // must not reach what is remembered
		}
	}
}
