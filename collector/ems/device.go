package ems

import (
	"maps"
	"slices"
	"time"

	"power_exporter/power"
)

// vendor makes the EMS. Who made the meters behind it is not told.
const vendor = "Carlo Gavazzi"

// gateway is the EMS itself, if it is known which it is.
func (s *site) gateway(up bool) []power.Device {
	if s.id == "" {
		return nil
	}
	d := power.Device{ID: s.id, Vendor: vendor, Serial: s.serial, Kind: power.KindGateway, Up: up}
	if s.version != "" {
		d.Firmware = "API " + s.version
	}
	return []power.Device{d}
}

// mapping turns the values of one reading into devices.
type mapping struct {
	signals map[int]Signal
	maxAge  time.Duration
	natives bool
	now     time.Time
	values  map[string]*valueReply // by the uid of the signal
	found   findings
}

// newMapping is the mapping of values that were read now.
func newMapping(signals map[int]Signal, maxAge time.Duration, natives bool, now time.Time, values []valueReply) *mapping {
	m := &mapping{signals: signals, maxAge: maxAge, natives: natives, now: now, values: make(map[string]*valueReply, len(values))}
	m.found.values = len(values)
	for i := range values {
		m.values[values[i].UID.String()] = &values[i]
	}
	return m
}

// device maps one meter. Its id is the uid, which is what the EMS itself calls
// it by. It is up if the EMS has a value of it that is new enough.
func (m *mapping) device(x *meter) power.Device {
	d := power.Device{
		ID:     x.id,
		Vendor: vendor,
		Model:  x.device.PartNumber.String(),
		Kind:   power.KindMeter,
		Name:   x.device.Label.String(),
	}
	var heard, newest time.Time // of any value, and of those that are new enough
	for _, ch := range x.channels {
		if !ch.on() {
			m.found.off += len(ch.signals)
			continue
		}
		r := m.channel(ch)
		heard, newest = latest(heard, r.heard), latest(newest, r.newest)
		d.Circuits = append(d.Circuits, r.circuit)
		d.Natives = append(d.Natives, r.natives...)
	}
	if newest.IsZero() {
		d = d.Down()
	} else {
		d.Up, d.ReadingAge = true, m.age(newest)
	}
	d.LastSeen = power.Timestamp(heard)
	return d
}

// latest is the later of two times.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// age is how long ago something was. A clock that is a little ahead of ours
// makes nothing younger than now.
func (m *mapping) age(at time.Time) power.Value { return power.Elapsed(max(m.now.Sub(at), 0)) }

// channelReading is what a load tells.
type channelReading struct {
	circuit       power.Circuit
	natives       []power.NativeReading
	heard, newest time.Time
}

// place is where a value belongs in a circuit.
type place struct {
	quantity Quantity
	line     string
}

// channel maps one load.
func (m *mapping) channel(ch *channel) channelReading {
	r := channelReading{circuit: power.Circuit{ID: ch.id, Name: ch.load.Label.String()}}
	if m.natives {
		ch.settings(r.native)
	}
	taken := map[place]string{}
	for i := range ch.signals {
		s := &ch.signals[i]
		if !s.on() {
			m.found.off++
			continue
		}
		v, at, ok := m.value(s)
		r.heard = latest(r.heard, at)
		if ok {
			r.newest = latest(r.newest, at)
		}
		mapped, known := m.signal(s)
		first, repeated := taken[place{mapped.Quantity, mapped.Line}]
		switch {
		case !known:
			m.found.unmapped(ch, s, v)
		case repeated:
			m.found.repeat(ch, s, first)
		default:
			taken[place{mapped.Quantity, mapped.Line}] = s.UID.String()
			mapped.Quantity.set(electrical(&r.circuit, mapped.Line), mapped.scaled(v.V))
		}
		if ok && (!known || repeated) {
			r.native(s.name, power.Raw(v.V))
		}
		if ok && m.natives {
			r.native(s.name+".r", power.Raw(v.R))
			r.native(s.name+".s", power.Raw(v.S))
		}
	}
	if !r.newest.IsZero() {
		r.circuit.ReadingAge = m.age(r.newest)
	}
	return r
}

// value is the value of a signal, zero unless it is new enough, and when it was
// taken, zero unless it is a number whose time can be right.
func (m *mapping) value(s *signal) (v valueReply, at time.Time, ok bool) {
	found := m.values[s.UID.String()]
	if found == nil {
		m.found.silent++
		return v, at, false
	}
	m.found.placed++
	at, dated := found.taken()
	age := m.now.Sub(at)
	switch {
	case !found.V.Present():
		m.found.empty++
		return v, time.Time{}, false
	case !dated:
		m.found.undated++
		return v, time.Time{}, false
	case age < -m.maxAge:
		m.found.ahead++
		return v, time.Time{}, false
	case age > m.maxAge:
		m.found.old++
		return v, at, false
	}
	return *found, at, true
}

// signal is what the options say of a signal.
func (m *mapping) signal(s *signal) (Signal, bool) {
	si, ok := s.number()
	if !ok {
		return Signal{}, false
	}
	mapped, ok := m.signals[si]
	return mapped, ok && mapped.Quantity.known()
}

// electrical is the readings of a circuit, or of one of its lines.
func electrical(c *power.Circuit, line string) *power.Electrical {
	if line == "" {
		return &c.Electrical
	}
	i := slices.IndexFunc(c.Lines, func(l power.Line) bool { return l.ID == line })
	if i < 0 {
		i = len(c.Lines)
		c.Lines = append(c.Lines, power.Line{ID: line})
	}
	return &c.Lines[i].Electrical
}

// native adds a number of the load for which the schema has no family.
func (r *channelReading) native(name string, v power.Value) {
	if v.Present() {
		r.natives = append(r.natives, power.NativeReading{Point: "load", ID: r.circuit.ID, Name: name, Value: v})
	}
}

// settings tells the numbers and switches that the EMS lists for the load.
func (c *channel) settings(tell func(name string, v power.Value)) {
	tell("index", c.load.Index.value)
	tell("type", c.load.Type.value)
	protocol, block := c.load.protocol()
	for _, name := range slices.Sorted(maps.Keys(block)) {
		tell(protocol+"."+name, block[name].value)
	}
}
