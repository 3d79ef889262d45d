package receiver

import (
	"cmp"
	"slices"
	"time"

	"power_exporter/power"
)

// Devices is every device as it is now, in no order. Their points are shared and
// must not be changed. No two have the same id: of devices that
// different senders call the same, the one that came later has a suffix, for as
// long as it is not forgotten.
//
// A device that no longer pushes is down: it has an identity, the time of its
// last push and the counts of its events. So has one that pushes nothing but
// events, which is up.
func (s *Store) Devices() []power.Device {
	now := time.Now()
	s.mu.RLock()
	defer s.mu.RUnlock()
	devices := make([]power.Device, 0, s.known)
	for _, sl := range s.slots {
		if d, ok := s.shown(sl, now); ok {
			devices = append(devices, d)
		}
	}
	return devices
}

// Device is the device with that id as it is now, as Devices would show it.
func (s *Store) Device(id string) (power.Device, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	sl := s.ids[id]
	if sl == nil {
		return power.Device{}, false
	}
	return s.shown(sl, time.Now())
}

// shown is the device of a slot, unless it is not shown. Guarded by mu.
func (s *Store) shown(sl *slot, now time.Time) (power.Device, bool) {
	kind, configured := s.kinds[sl.key.Kind]
	if !sl.known || !configured || sl.view.device == nil {
		return power.Device{}, false
	}
	f := sl.view.at(now, kind.ExpireAfter, s.forgetAfter(kind))
	if f == forgotten {
		return power.Device{}, false
	}
	return sl.view.show(f, now), true
}

// forgetAfter is how long a device of the kind has to be down until it is
// forgotten.
func (s *Store) forgetAfter(kind Kind) time.Duration {
	return cmp.Or(max(kind.ForgetAfter, 0), s.options.ForgetAfter)
}

// Len is the number of devices on disk, those that are down or of a receiver
// that is no longer configured among them.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.known
}

// Status is what a person wants to know of a device that pushes.
type Status struct {
	Key
	ID       string // what it is exported as
	Name     string // what its owner calls it
	Vendor   string
	Model    string
	Up       bool
	Received time.Time // the last push
	Measured time.Time // the last readings; the zero time if there were none
	Event    string    // text of the newest event record
	EventAt  time.Time // the newest event record; the zero time if there was none
	Err      error     // why its stored state cannot be used, nil if it can
}

// Statuses are the devices that Devices has, for people, by id.
func (s *Store) Statuses() []Status {
	now := time.Now()
	s.mu.RLock()
	all := make([]Status, 0, s.known)
	for _, sl := range s.slots {
		d, ok := s.shown(sl, now)
		if !ok {
			continue
		}
		v := &sl.view
		all = append(all, Status{
			Key: sl.key, ID: sl.id, Name: d.Name, Vendor: d.Vendor, Model: d.Model, Up: d.Up,
			Received: v.received, Measured: v.measured, Event: v.event, EventAt: v.eventAt, Err: v.broken,
		})
	}
	s.mu.RUnlock()
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
