package cloudtraxsim

import "slices"

// Network is what a network has.
type Network struct {
	ID       int64
	Strips   []Strip
	Settings Settings
	Firmware []Firmware
}

// Settings are those of a network that are about its power strips.
type Settings struct {
	EnablePowerSwitch bool   `json:"enable_power_switch"`
	EnableMesh        bool   `json:"enable_mesh"`
	EnableUpgrade     bool   `json:"enable_upgrade"`
	FirmwareTag       string `json:"firmware_tag"`
}

// Firmware is a firmware that a network may use.
type Firmware struct {
	TagID string `json:"tag_id"`
	Tag   string `json:"tag"`
	Build string `json:"build"`
}

// newNetwork is a network with the settings and the firmware of the document's
// samples.
func newNetwork(id int64, strips ...Strip) Network {
	return Network{
		ID:       id,
		Strips:   strips,
		Settings: Settings{FirmwareTag: "stable"},
		Firmware: []Firmware{{TagID: "1", Tag: "stable"}, {TagID: "6", Tag: "beta"}},
	}
}

// clone is a copy whose strips can change alone.
func (n Network) clone() *Network {
	n.Strips = slices.Clone(n.Strips)
	for i := range n.Strips {
		n.Strips[i].Ports = slices.Clone(n.Strips[i].Ports)
	}
	return &n
}
