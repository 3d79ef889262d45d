package synlink

import (
	"slices"

	"power_exporter/power"
)

// Vendor is the label of every unit, whose document calls itself that of
// SynLink, by Synaccess.
const Vendor = "Synaccess"

// Device maps what is known of the unit. It is up when any part was read. Ids
// are the unit's own and may repeat; see [power.Validate].
func (r *Readings) Device() power.Device {
	info := r.identity()
	d := power.Device{
		ID:       r.id(info),
		Vendor:   Vendor,
		Model:    info.ModelNumber.String(),
		Serial:   info.EnclosureSerialNumber.String(),
		Firmware: info.ControllerFirmwareVersion.String(),
		Hardware: info.ControllerHardwareVersion.String(),
		Kind:     r.kind(info),
		Up:       r.any(),
	}
	if r.Conf != nil {
		d.Name, d.Location = r.Conf.DeviceName.String(), r.Conf.SNMPSysLocation.String()
	}
	if uptime := power.Seconds(info.Uptime); uptime.Present() {
		d.Uptimes = []power.Uptime{{Uptime: uptime}}
	}
	if r.Diagnostics != nil {
		d.LifetimeEnergy = power.KilowattHours(r.Diagnostics.LifetimeInletEnergyAccumulation)
	}
	r.inlets(&d, info)
	for i, bank := range r.Banks {
		d.Circuits = append(d.Circuits, bank.device(i))
	}
	r.outlets(&d)
	for i, group := range r.Groups {
		d.Groups = append(d.Groups, group.device(i))
	}
	for i, sensor := range r.Sensors {
		d.Sensors = append(d.Sensors, sensor.device(i))
	}
	for i, event := range r.Events {
		if !event.disabled() {
			d.Alarms = append(d.Alarms, event.device(i))
		}
	}
	return d
}

// any reports whether any part was read.
func (r *Readings) any() bool {
	return r.Info != nil || r.Inlets != nil || r.Banks != nil || r.Outlets != nil || r.Groups != nil ||
		r.Sensors != nil || r.Events != nil || r.Conf != nil || r.Diagnostics != nil
}

// identity is who the unit says it is, or has said earlier; its readings are
// those of now.
func (r *Readings) identity() Info {
	var info Info
	if r.Info != nil {
		info = *r.Info
	}
	if r.Known != nil {
		info = info.or(*r.Known)
	}
	return info
}

// id is the enclosure's serial number, wherever it is known from, or else the
// host.
func (r *Readings) id(info Info) string {
	if serial := info.EnclosureSerialNumber.String(); serial != "" {
		return serial
	}
	for _, inlet := range r.Inlets {
		if serial := inlet.serial(); serial != "" {
			return serial
		}
	}
	return r.Host
}

// kind says whether the unit is a transfer switch, by itself or by its inlets.
func (r *Readings) kind(info Info) power.Kind {
	if info.transfers() || slices.ContainsFunc(r.Inlets, Inlet.transfers) {
		return power.KindATS
	}
	return power.KindPDU
}

// inlets maps the inlets. Where there are two, each repeats the energy of both
// together, so that it belongs to the device, once.
func (r *Readings) inlets(d *power.Device, info Info) {
	several := len(r.Inlets) > 1 || info.severalInlets() || slices.ContainsFunc(r.Inlets, Inlet.ofSeveral)
	for i, in := range r.Inlets {
		inlet := in.device(i, info)
		energy := power.KilowattHours(in.InletEnergyAccumulation)
		if several {
			d.Energy = d.Energy.Or(energy)
		} else {
			inlet.Energy = energy
		}
		d.Inlets = append(d.Inlets, inlet)
	}
}

// outlets maps the outlets, and those that only a group tells of: a role may
// see the one and not the other. Only groups know the watts.
func (r *Readings) outlets(d *power.Device) {
	watts := map[string]power.Number{}
	outlets := slices.Clone(r.Outlets)
	known := make(map[string]bool, len(outlets))
	for _, o := range outlets {
		known[o.key()] = true
	}
	for _, group := range r.Groups {
		for _, o := range group.Outlets {
			id := o.key()
			if id == "" {
				continue
			}
			if !known[id] {
				known[id] = true
				outlets = append(outlets, o)
			}
			if !watts[id].Present() {
				watts[id] = o.Watts
			}
		}
	}
	for i, o := range outlets {
		d.Outlets = append(d.Outlets, o.device(i, watts[o.key()]))
	}
}
