package receiver

import (
	"cmp"
	"slices"
	"time"

	"power_exporter/power"
)

// all is the slots that there are, and what is configured for them. The lock is
// held for no longer than it takes to copy the list, so that pushes do not wait
// for what is then done with each.
func (s *Store) all() ([]*slot, map[string]Kind) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.list), s.kinds
}

// Devices is every device as it is now, in no order. Their points are shared and
// must not be changed. No two have the same id: of devices that
// different senders call the same, the one that came later has a suffix, for as
// long as it is not forgotten.
//
// A device that no longer pushes is down: it has an identity, the time of its
// last push and the counts of its events. So has one that pushes nothing but
// events, which is up.
func (s *Store) Devices() []power.Device {
	all, kinds := s.all()
	now := time.Now()
	devices := make([]power.Device, 0, len(all))
	for _, sl := range all {
		if v, f := s.shown(sl, kinds, now); v != nil {
			devices = append(devices, v.show(f, now))
		}
	}
	return devices
}

// Device is the device with that id as it is now, as Devices would show it.
func (s *Store) Device(id string) (power.Device, bool) {
	s.mu.RLock()
	sl, kinds := s.ids[id], s.kinds
	s.mu.RUnlock()
	if sl == nil {
		return power.Device{}, false
	}
	now := time.Now()
	v, f := s.shown(sl, kinds, now)
	if v == nil {
		return power.Device{}, false
	}
	return v.show(f, now), true
}

// shown is the view of a slot and how fresh it is; nil if it is not shown.
func (s *Store) shown(sl *slot, kinds map[string]Kind, now time.Time) (*view, freshness) {
	kind, configured := kinds[sl.key.Kind]
	v := sl.view.Load()
	if !configured || v == nil || v.device == nil {
		return nil, forgotten
	}
	f := v.at(now, kind.ExpireAfter, s.forgetAfter(kind))
	if f == forgotten {
		return nil, forgotten
	}
	return v, f
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
	slots, kinds := s.all()
	now := time.Now()
	all := make([]Status, 0, len(slots))
	for _, sl := range slots {
		v, f := s.shown(sl, kinds, now)
		if v == nil {
			continue
		}
		d := v.device
		all = append(all, Status{
			Key: sl.key, ID: sl.id, Name: d.Name, Vendor: d.Vendor, Model: d.Model, Up: f == fresh || f == silent,
			Received: v.received, Measured: v.measured, Event: v.event, EventAt: v.eventAt, Err: v.broken,
		})
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
