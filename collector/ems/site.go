package ems

import (
	"slices"
	"strconv"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// site is what there is, as the EMS' lists said when they were last read.
type site struct {
	version string
	id      string // serial number, or else MAC address; empty if neither is known
	serial  string

	devices []deviceReply
	loads   []loadReply
	signals []signalReply
}

// meter is a device of the EMS.
type meter struct {
	id       string
	device   deviceReply // zero if it is not listed
	channels []*channel
}

// channel is a load and its signals.
type channel struct {
	id      string
	did     string    // the device
	load    loadReply // zero if it is not listed
	signals []signal  // in the order of their uids

	kinds map[string]bool // the si of the signals
}

// on reports whether the load is in use. One that does not say so is.
func (c *channel) on() bool { return !isOff(c.load.Enable) }

// signal is a signal, and its name among those of its load.
type signal struct {
	signalReply
	name string
}

// on reports whether the signal is in use. One that does not say so is.
func (s *signal) on() bool { return !isOff(s.Enable) }

// number is the si; ok is false where it is none.
func (s *signal) number() (si int, ok bool) {
	si, err := strconv.Atoi(s.SI.String())
	return si, err == nil
}

// isOff reports whether a switch is known to be off.
func isOff(f lenient.Flag) bool { return f.Value() == power.Boolean(false) }

// choice is what a module reads.
type choice struct {
	uids     map[string]bool // devices; nil for all
	protocol string          // of the loads; empty for all
}

// newChoice is the choice of the options.
func newChoice(o Options) choice {
	c := choice{protocol: o.Protocol}
	if len(o.UIDs) > 0 {
		c.uids = make(map[string]bool, len(o.UIDs))
		for _, uid := range o.UIDs {
			c.uids[strconv.Itoa(uid)] = true
		}
	}
	return c
}

// everything reports whether the choice leaves nothing out.
func (c choice) everything() bool { return c.uids == nil && c.protocol == "" }

// device reports whether a device is read.
func (c choice) device(id string) bool { return id != "" && (c.uids == nil || c.uids[id]) }

// load reports whether a listed load is read. The list was asked for one
// protocol, but not every EMS need obey.
func (c choice) load(l *loadReply) bool {
	protocol, _ := l.protocol()
	return c.protocol == "" || protocol == "" || protocol == c.protocol
}

// meters puts together what belongs together: devices, their loads, and the
// signals of those, of what the choice reads. Loads and devices that are not
// listed, but that signals name, are there without a name, unless the choice is
// of a protocol, which only the lists tell.
func (s *site) meters(c choice) []meter {
	var meters []meter
	index := map[string]int{}
	add := func(m meter) int {
		if _, twice := index[m.id]; !twice {
			index[m.id] = len(meters)
			meters = append(meters, m)
		}
		return index[m.id]
	}
	for _, d := range s.devices {
		if id := d.UID.String(); c.device(id) {
			add(meter{id: id, device: d})
		}
	}
	listed := len(meters)
	for _, ch := range s.channels(c) {
		if c.device(ch.did) {
			m := &meters[add(meter{id: ch.did})]
			m.channels = append(m.channels, ch)
		}
	}
	slices.SortFunc(meters[listed:], func(a, b meter) int { return byUID(a.id, b.id) })
	if c.protocol != "" {
		meters = slices.DeleteFunc(meters, func(m meter) bool { return len(m.channels) == 0 })
	}
	return meters
}

// channels is the loads that the choice reads, with their signals, in the order
// of the loads' uids.
func (s *site) channels(c choice) []*channel {
	var channels []*channel
	byID := map[string]*channel{}
	left := map[string]bool{}
	for _, l := range s.loads {
		id := l.UID.String()
		if !c.load(&l) {
			left[id] = true
			continue
		}
		byID[id] = &channel{id: id, did: l.DID.String(), load: l, kinds: map[string]bool{}}
		channels = append(channels, byID[id])
	}
	for _, reply := range s.signals {
		id := reply.LID.String()
		ch := byID[id]
		if ch == nil {
			if left[id] || c.protocol != "" {
				continue
			}
			ch = &channel{id: id, kinds: map[string]bool{}}
			byID[id] = ch
			channels = append(channels, ch)
		}
		if ch.did == "" {
			ch.did = reply.DID.String()
		}
		ch.add(reply)
	}
	slices.SortStableFunc(channels, func(a, b *channel) int { return byUID(a.id, b.id) })
	return channels
}

// add adds a signal. Its name is its si, and where several have that, all but the
// first have their uid in it.
func (c *channel) add(reply signalReply) {
	name := reply.SI.String()
	if c.kinds[name] {
		name += "#" + reply.UID.String()
	} else {
		c.kinds[name] = true
	}
	c.signals = append(c.signals, signal{reply, name})
}
