package receiver

import (
	"sync"
	"sync/atomic"
	"time"

	"power_exporter/power"
)

// slot is the place of one device in memory.
type slot struct {
	key Key
	id  string // what the device is exported as, unique in the store

	// mu is held by whoever changes the device, until the change is on disk.
	// It is taken before Store.mu.
	mu   sync.Mutex
	gone bool // the slot is no longer that of its key. Guarded by mu.

	// Guarded by Store.mu.
	flood bucket
	place int // in Store.list

	// view is nil as long as nothing was stored, so that there is no device. It is
	// set under Store.mu and read without it.
	view atomic.Pointer[view]
}

// known reports whether something was stored.
func (sl *slot) known() bool { return sl.view.Load() != nil }

// view is what is shown of a device. It is not changed once it is in a slot.
type view struct {
	device   *power.Device // as after its last push; nil if no receiver of its kind was configured yet
	broken   error         // why the state could not be mapped, nil if it could
	received time.Time
	measured time.Time
	event    string    // text of the newest event record
	eventAt  time.Time // when it was received, zero if there is none
}

// Freshness of a device.
type freshness int

const (
	fresh     freshness = iota // it pushes, and its readings are new
	silent                     // it pushes, but no readings
	expired                    // it no longer pushes
	forgotten                  // it has not pushed for so long that it does not count any more
)

// at is how fresh the device is.
func (v *view) at(now time.Time, expireAfter, forgetAfter time.Duration) freshness {
	age := now.Sub(v.received)
	switch {
	case age >= expireAfter+forgetAfter:
		return forgotten
	case age >= expireAfter || v.broken != nil:
		return expired
	case now.Sub(v.measured) >= expireAfter:
		return silent
	default:
		return fresh
	}
}

// show is the device as it is exported. One that is not fresh has an identity,
// the time of its last push and the counts of its events, which stay true,
// but no readings.
func (v *view) show(f freshness, now time.Time) power.Device {
	if f == fresh {
		d := *v.device
		d.ReadingAge = power.Elapsed(now.Sub(v.measured))
		return d
	}
	d := v.device.Down()
	d.Up = f == silent
	d.LastSeen = v.device.LastSeen
	d.Events = v.device.Events
	return d
}
