package cloudtrax

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// strip is a power strip: a member of powerstrips in GET
// /powerstrip/network/<network-id>/list, or GET /powerstrip/<powerstrip-id>.
// Units are in the names of the members.
type strip struct {
	ID          lenient.Text `json:"powerstrip_id"`
	MAC         lenient.Text `json:"mac"`
	Name        lenient.Text `json:"name"`
	Model       lenient.Text `json:"model"`
	Firmware    lenient.Text `json:"firmware_version"` // empty before the first check-in
	LastCheckin lenient.Text `json:"last_checkin"`     // empty before the first
	NeedPairing lenient.Flag `json:"need_pairing"`
	CloudStatus lenient.Text `json:"cloud_status"` // up or down

	SurgeProtection lenient.Flag `json:"surge_protection_active"`
	Voltage         power.Number `json:"voltage_v"`
	Frequency       power.Number `json:"frequency_hz"`
	Uptime          power.Number `json:"uptime_seconds"`
	ActivePorts     power.Number `json:"active_ports"`

	EnabledPorts power.Number `json:"enabled_ports"` // only in the list
	Ports        []port       `json:"-"`             // only in the strip's object
}

// port is an outlet of a strip.
type port struct {
	ID            lenient.Text `json:"port_id"`
	Label         lenient.Text `json:"label"`
	Enable        lenient.Flag `json:"enable"`
	Current       power.Number `json:"current_a"`
	ApparentPower power.Number `json:"apparent_power_va"`
	ActivePower   power.Number `json:"active_power_w"`
	ReactivePower power.Number `json:"reactive_power_var"`
	PowerFactor   power.Number `json:"power_factor"`
}

// decodeList reads a list. Strips that say who they are are there even with an
// error.
func decodeList(data []byte) ([]strip, error) {
	var answer struct {
		Strips json.RawMessage `json:"powerstrips"`
	}
	if err := lenient.Decode(data, &answer); err != nil {
		return nil, err
	}
	return members(answer.Strips, "powerstrips", "without mac and powerstrip_id", func(s *strip) bool { return s.key() != "" })
}

// decodeObject reads the object of the strip with the id.
func decodeObject(data []byte, id string) (strip, error) {
	var answer struct {
		strip

		Ports json.RawMessage `json:"ports"`
	}
	if err := lenient.Decode(data, &answer); err != nil {
		return strip{}, err
	}
	if got := answer.ID.String(); got != "" && got != id {
		return strip{}, errors.New("the answer is about another strip")
	}
	ports, err := members(answer.Ports, "ports", "without port_id", func(p *port) bool { return p.ID.String() != "" })
	if err != nil {
		return strip{}, err
	}
	answer.strip.Ports = ports
	return answer.strip, nil
}

// maxMembers is how many members of a list are read: far more than a network has
// strips.
const maxMembers = 10_000

// members reads a list of objects, or the only one. The error is about members that
// are none, or do not say who they are; the others are there all the same.
func members[T any](data json.RawMessage, name, lack string, named func(*T) bool) ([]T, error) {
	switch data = bytes.TrimSpace(data); {
	case len(data) == 0:
		return nil, fmt.Errorf("the answer has no member %s", name)
	case data[0] == '{':
		data = slices.Concat([]byte("["), data, []byte("]"))
	case data[0] != '[' && string(data) != "null":
		return nil, fmt.Errorf("the answer's member %s is no list", name)
	}
	var list []T
	all, odd := 0, 0
	for _, one := range lenient.Members[json.RawMessage](data) {
		if string(one) == "null" {
			continue
		}
		if all == maxMembers {
			return list, fmt.Errorf("there are more than %d %s; the others are left out", all, name)
		}
		var member T
		if all++; lenient.Decode(one, &member) != nil || !named(&member) {
			odd++
			continue
		}
		list = append(list, member)
	}
	if odd > 0 {
		return list, fmt.Errorf("%d of the %d %s are %s", odd, all, name, lack)
	}
	return list, nil
}
