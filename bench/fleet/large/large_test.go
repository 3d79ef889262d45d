package large

import (
	"encoding/json"
	"testing"

	"power_exporter/collector/nut"
	"power_exporter/internal/synlink"
)

// Whatever the size, there are as many as asked for, each with its own id and
// readings.
func TestSizes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 10, 48, 100, 1000} {
		pdu, err := NUT(n)
		if err != nil {
			t.Fatal(err)
		}
		var variables []nut.Variable
		for name, value := range pdu.Variables {
			variables = append(variables, nut.Variable{Name: name, Value: value})
		}
		d := nut.Devices(nut.UPS{Name: "pdu", Variables: variables}, nut.Natives{})[0]
		if len(d.Outlets) != n || !d.Outlets[n-1].Current.Present() {
			t.Errorf("a NUT PDU with %d outlets has %d", n, len(d.Outlets))
		}

		model, err := SynLink(n)
		if err != nil {
			t.Fatal(err)
		}
		outlets, err := synlink.DecodeOutlets(model.Replies["outlets"])
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, o := range outlets {
			ids[o.ID.String()] = true
		}
		if len(ids) != n {
			t.Errorf("a SynLink PDU with %d outlets has %d ids", n, len(ids))
		}

		pulse, err := PowerPulse(n)
		if err != nil {
			t.Fatal(err)
		}
		var systems []struct{ Name string }
		if err := json.Unmarshal(pulse.Systems, &systems); err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, s := range systems {
			names[s.Name] = true
		}
		if len(names) != n {
			t.Errorf("a PowerPulse with %d UPSes has %d names", n, len(names))
		}

		upses, err := SmallUPSes(n)
		if err != nil || len(upses) != n || upses[0].Name == upses[n-1].Name && n > 1 {
			t.Errorf("%d small UPSes are %d, %v", n, len(upses), err)
		}
	}
}
