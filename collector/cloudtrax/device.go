package cloudtrax

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

const (
	vendor = "CloudTrax"
	// only is the id of a strip's inlet, of which it has one.
	only = "1"
)

// key is what the strip is called in metrics: its MAC address, which is printed
// on it and stays when it is deleted from the cloud and added again, or else the
// cloud's number.
func (s *strip) key() string {
	return cmp.Or(strings.ToLower(s.MAC.String()), s.ID.String())
}

// label is what the strip is called in errors, if need be with the beginning of
// its name.
func (s *strip) label() string {
	name := s.Name.String()
	if name == "" {
		return fmt.Sprintf("strip %.40s", s.key())
	}
	return fmt.Sprintf("strip %.40s (%.60q)", s.key(), name)
}

// up reports whether the cloud hears from the strip.
func (s *strip) up() bool { return strings.EqualFold(s.CloudStatus.String(), "up") }

// device maps a strip of the list, and what its own object says, which is newer;
// nil where that was not read. A strip that is down reports zeros, so that only
// who it is and when it was last heard is known of it.
func device(listed, own *strip) power.Device {
	s := merged(listed, own)
	d := power.Device{
		ID:       s.key(),
		Vendor:   vendor,
		Model:    s.Model.String(),
		Firmware: s.Firmware.String(),
		Kind:     power.KindPDU,
		Name:     s.Name.String(),
		Up:       s.up(),
		LastSeen: checkin(s.LastCheckin),
	}
	// An unpaired strip is never up, and this says why.
	d.PairingNeeded = s.NeedPairing.Value()
	if !d.Up {
		return d
	}
	if uptime := power.Seconds(s.Uptime); uptime.Present() {
		d.Uptimes = []power.Uptime{{Uptime: uptime}}
	}
	d.SurgeProtectionActive = s.SurgeProtection.Value()
	d.ActiveOutlets = power.Count(s.ActivePorts)
	d.EnabledOutlets = power.Count(s.EnabledPorts)
	d.Inlets = []power.Inlet{{
		ID: only,
		Electrical: power.Electrical{
			Voltage:   power.Volts(s.Voltage),
			Frequency: power.Hertz(s.Frequency),
		},
	}}
	for _, p := range s.Ports {
		d.Outlets = append(d.Outlets, outlet(p))
	}
	return d
}

// outlet maps one port. Its readings are zeros, not missing, where nothing is
// plugged in.
func outlet(p port) power.Outlet {
	return power.Outlet{
		ID:      p.ID.String(),
		Name:    p.Label.String(),
		Enabled: p.Enable.Value(),
		Electrical: power.Electrical{
			Current:       power.Amperes(p.Current),
			ApparentPower: power.VoltAmperes(p.ApparentPower),
			ActivePower:   power.Watts(p.ActivePower),
			ReactivePower: power.VoltAmperesReactive(p.ReactivePower),
			PowerFactor:   power.Ratio(p.PowerFactor),
		},
	}
}

// merged is the strip by its own object, and by the list where that says nothing.
// Who it is is the list's word alone, so that the device stays the same whether
// or not the object could be read.
func merged(listed, own *strip) strip {
	if own == nil {
		return *listed
	}
	s := *listed
	for _, t := range []struct{ to, from *lenient.Text }{
		{&s.Name, &own.Name},
		{&s.Model, &own.Model},
		{&s.Firmware, &own.Firmware},
		{&s.LastCheckin, &own.LastCheckin},
		{&s.CloudStatus, &own.CloudStatus},
	} {
		*t.to = cmp.Or(*t.from, *t.to)
	}
	for _, f := range []struct{ to, from *lenient.Flag }{
		{&s.NeedPairing, &own.NeedPairing},
		{&s.SurgeProtection, &own.SurgeProtection},
	} {
		*f.to = cmp.Or(*f.from, *f.to)
	}
	for _, n := range []struct{ to, from *power.Number }{
		{&s.Voltage, &own.Voltage},
		{&s.Frequency, &own.Frequency},
		{&s.Uptime, &own.Uptime},
		{&s.ActivePorts, &own.ActivePorts},
	} {
		*n.to = cmp.Or(*n.from, *n.to)
	}
	s.Ports = own.Ports
	return s
}

// checkin is when a strip checked in, in ISO 8601 with its zone. Anything else is
// no time: it may be empty, and a time without a zone could be of any.
func checkin(text lenient.Text) power.Value {
	t, err := time.Parse(time.RFC3339, text.String())
	if err != nil || t.Unix() <= 0 { // programs that know no time write the year 1 or 1970
		return power.Value{}
	}
	return power.Timestamp(t)
}
