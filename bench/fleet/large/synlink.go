package large

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"power_exporter/cmd/powersim/synlinksim"
)

// SynLink is the recorded PDU with 36 outlets, with so many of them in its
// three banks.
func SynLink(outlets int) (synlinksim.Model, error) {
	m, err := synlinksim.Recorded("rack36")
	if err != nil {
		return synlinksim.Model{}, err
	}
	m.Name = fmt.Sprintf("rack%d", outlets)
	var recorded []map[string]any
	if err := json.Unmarshal(m.Replies["outlets"], &recorded); err != nil {
		return synlinksim.Model{}, fmt.Errorf("reading the recorded outlets: %w", err)
	}
	all := make([]map[string]any, outlets)
	for i := range all {
		all[i] = maps.Clone(recorded[i%len(recorded)])
		all[i]["outletName"], all[i]["outletIndex"] = fmt.Sprintf("Outlet %d", i+1), i+1
		id, _ := all[i]["id"].(string)
		_, bank, _ := strings.Cut(id, "-")
		all[i]["id"] = fmt.Sprintf("%d-%s", i+1, bank)
	}
	m.Replies["outlets"], err = json.Marshal(all)
	return m, err
}
