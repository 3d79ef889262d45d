package large

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"

	"power_exporter/cmd/powersim/nutsim"
)

// ofOutlet is a variable of one outlet.
var ofOutlet = regexp.MustCompile(`^outlet\.(\d+)\.(.*)$`)

// NUT is the recorded ePDU with so many outlets, each of which has the variables
// of the recorded outlet whose turn it is.
func NUT(outlets int) (nutsim.UPS, error) {
	u, err := nutsim.Device("epdu")
	if err != nil {
		return nutsim.UPS{}, err
	}
	recorded := map[int]map[string]string{} // by outlet and the rest of the name
	for name, value := range u.Variables {
		if parts := ofOutlet.FindStringSubmatch(name); parts != nil {
			outlet, err := strconv.Atoi(parts[1])
			if err != nil {
				return nutsim.UPS{}, err
			}
			if recorded[outlet] == nil {
				recorded[outlet] = map[string]string{}
			}
			recorded[outlet][parts[2]] = value
		}
	}
	maps.DeleteFunc(u.Variables, func(name, _ string) bool { return ofOutlet.MatchString(name) })
	u.Traits = nil
	u.Variables["outlet.count"] = strconv.Itoa(outlets)
	for i := range outlets {
		for name, value := range recorded[i%len(recorded)+1] {
			if name == "id" {
				value = strconv.Itoa(i + 1)
			}
			u.Variables[fmt.Sprintf("outlet.%d.%s", i+1, name)] = value
		}
	}
	return u, nil
}

// SmallUPSes are so many copies of a small recorded UPS, as one server has them.
func SmallUPSes(n int) ([]nutsim.UPS, error) {
	all := make([]nutsim.UPS, n)
	for i := range all {
		u, err := nutsim.Device("homelab")
		if err != nil {
			return nil, err
		}
		u.Name = fmt.Sprintf("ups-%04d", i+1)
		all[i] = u
	}
	return all, nil
}
