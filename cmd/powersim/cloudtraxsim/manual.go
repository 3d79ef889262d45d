package cloudtraxsim

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
)

// The document's samples as they are printed.
var (
	//go:embed models/manual/list.json
	manualList []byte
	//go:embed models/manual/strip.json
	manualStrip []byte
)

// Manual is network 12345 of the document's samples as they are printed, which
// do not fit together: the list and the object of strip 1 are an hour apart, and
// the object says network 123. Its apparent powers are no voltage times current.
// The document prints no object of strip 2, which is down and never checked in;
// here that has what the list says, and six ports of zeros.
func Manual() Network {
	var list struct {
		Powerstrips []Listed `json:"powerstrips"`
	}
	var first Strip
	decode(manualList, &list)
	decode(manualStrip, &first)
	first.Listed = &list.Powerstrips[0]
	l := list.Powerstrips[1]
	second := Strip{
		ID:                                l.ID,
		NetworkID:                         12345,
		MAC:                               l.MAC,
		Name:                              l.Name,
		Model:                             l.Model,
		Created:                           l.Created,
		FirmwareVersion:                   l.FirmwareVersion,
		ConnectionCheckTimeBetweenRetries: 60,
		LastModified:                      l.Created,
		IP:                                l.IP,
		LastCheckin:                       l.LastCheckin,
		NeedPairing:                       l.NeedPairing,
		CloudStatus:                       l.CloudStatus,
		Role:                              l.Role,
		MeshIP:                            l.MeshIP,
		SurgeProtectionActive:             l.SurgeProtectionActive,
		Schedule:                          []Schedule{},
		ConnectionChecks:                  []ConnectionCheck{},
	}
	for i := range l.PortCount {
		second.Ports = append(second.Ports, Port{ID: i + 1, Label: strconv.Itoa(i + 1), Enable: true})
	}
	return newNetwork(12345, first, second)
}

// decode reads a sample, of which no member may be unknown.
func decode(text []byte, v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		panic(fmt.Sprintf("cloudtraxsim: sample: %v", err)) // it is part of the program
	}
}
