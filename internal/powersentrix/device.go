package powersentrix

import (
	"cmp"
	"strings"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// CurrentUnit is what one of upsData.currents counts. The document says mA
// three times, and works its example 150 out as 1.50 A, which would be 10 mA.
type CurrentUnit int

// The units of upsData.currents.
const (
	MilliAmperes CurrentUnit = iota // as the document says: 150 is 0.150 A
	CentiAmperes                    // as its example has it, 10 mA: 150 is 1.50 A
)

// amperes takes a current as the UPS counts it.
func (u CurrentUnit) amperes(n Number) power.Value {
	if u == CentiAmperes {
		return power.Centiamperes(n.Number)
	}
	return power.Milliamperes(n.Number)
}

// Options say how a [State] is mapped. The zero Options are the defaults.
type Options struct {
	CurrentUnit CurrentUnit
	Native      bool // also the numbers for which the schema has no family
}

// Device maps what is known of a UPS. The id is its cmm, as whoever asked or
// received it knows it; without one it is settings.remoteServer.upsId, the
// portal's cmm or the serial number, the first that is known.
//
// The device is up unless the portal says something else than online of it: it
// then has an identity alone, since the portal's readings are old ones.
func (s *State) Device(id string, o Options) power.Device {
	ident, basic := s.Config.Ident, s.Basic
	serial := either(ident.Serial, basic.Serial)
	d := power.Device{
		ID:       cmp.Or(id, either(s.Config.Settings.RemoteServer.UPSID, basic.CMM), serial),
		Vendor:   "PowerSentrix",
		Model:    either(ident.Type, basic.Model),
		Serial:   serial,
		Firmware: firmware(either(ident.MainFirmware, basic.MainFirmware), either(ident.ComFirmware, basic.ComFirmware)),
		Kind:     power.KindUPS,
		Name:     cmp.Or(basic.Name.String(), s.Description, basic.Description.String()),
		Location: basic.Location.String(),
		Up:       true,
	}
	if basic.offline() {
		return d.Down()
	}
	d.Uptimes = s.uptimes()
	d.CPULoad = power.Percent(ident.CPULoad.Number)
	d.MemoryTotal = power.Bytes(ident.TotalRAM.Number)
	d.MemoryFree = power.Bytes(ident.FreeRAM.Number)
	supplies(&d, s.UPSData.PS)
	d.Outlets = outlets(s.UPSData, s.Config.Outputs, o.CurrentUnit)
	d.Sensors = sensors(s.UPSData.Temps)
	if o.Native {
		d.Natives = natives(s.Payload)
	}
	return d
}

// uptimes maps the time since each controller was started. upsData.uptime is
// that of the main controller: in the document's sample the two are the same.
func (s *State) uptimes() []power.Uptime {
	ident, basic := s.Config.Ident, s.Basic
	var known []power.Uptime
	for _, u := range []power.Uptime{
		{Controller: "com", Uptime: uptime(ident.ComUptime).Or(uptime(basic.ComUptime))},
		{Controller: "main", Uptime: uptime(ident.MainUptime).Or(uptime(s.UPSData.Uptime)).Or(uptime(basic.MainUptime))},
	} {
		if u.Uptime.Present() {
			known = append(known, u)
		}
	}
	return known
}

// firmware names the versions of both controllers in one text, so that a change
// of either shows: "main v2.1.0, com v3.2.1".
func firmware(main, com string) string {
	var versions []string
	if main != "" {
		versions = append(versions, "main "+main)
	}
	if com != "" {
		versions = append(versions, "com "+com)
	}
	return strings.Join(versions, ", ")
}

// either is what the UPS says, or else what the portal says.
func either(ups, portal lenient.Text) string { return cmp.Or(ups.String(), portal.String()) }
