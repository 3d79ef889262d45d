package large

import (
	"encoding/json"
	"fmt"

	"power_exporter/cmd/powersim/powerpulsesim"
)

// PowerPulse is a server with so many UPSes, copies of those with raw variables.
func PowerPulse(upses int) (powerpulsesim.Model, error) {
	m, err := powerpulsesim.Recorded("raw")
	if err != nil {
		return powerpulsesim.Model{}, err
	}
	var recorded []map[string]any
	if err := json.Unmarshal(m.Systems, &recorded); err != nil {
		return powerpulsesim.Model{}, fmt.Errorf("reading the recorded UPSes: %w", err)
	}
	all := make([]json.RawMessage, upses)
	for i := range all {
		u := recorded[i%len(recorded)]
		name := fmt.Sprintf("ups-%04d", i+1)
		u["id"], u["name"], u["upsName"], u["nickname"], u["displayName"] = i+1, name, name, name, name
		if all[i], err = json.Marshal(u); err != nil {
			return powerpulsesim.Model{}, err
		}
	}
	m.Name = fmt.Sprintf("raw%d", upses)
	m.Systems, err = json.Marshal(all)
	return m, err
}
