package receiver

import (
	"errors"
	"fmt"
	"time"

	"power_exporter/power"
)

// Defaults of a Kind.
const (
	// DefaultExpireAfter is three times the five minutes after which most
	// devices push again.
	DefaultExpireAfter = 15 * time.Minute
	// DefaultMaxDevices is what one Prometheus target can well be: a device is
	// about 7 kB of memory, 10 kB on disk, and a hundred series in every scrape.
	// Whoever has a sender's secret cannot make more.
	DefaultMaxDevices = 10_000
)

// Kind is what a vendor's package tells the store about its devices.
type Kind struct {
	// Map makes a device of the vendor's own state, which is nil for a device
	// of which there is none yet. It must not keep the state. The store sets
	// the fields that the state does not know: ID, Up, LastSeen and Events.
	Map func(state []byte) (power.Device, error)
	// ExpireAfter is how long after its last push a device is shown as up, and
	// how long its readings are shown; DefaultExpireAfter if 0.
	ExpireAfter time.Duration
	// ForgetAfter is how long a device has to be down until it is forgotten,
	// with the counts of its events; that of Options if 0. It is longer where
	// devices push only when something happens.
	ForgetAfter time.Duration
	// MaxDevices is how many devices one sender may have; DefaultMaxDevices if
	// 0. Those that exist are never turned away.
	MaxDevices int
}

// withDefaults is the kind with its defaults filled in.
func (k Kind) withDefaults() Kind {
	if k.ExpireAfter <= 0 {
		k.ExpireAfter = DefaultExpireAfter
	}
	if k.MaxDevices <= 0 {
		k.MaxDevices = DefaultMaxDevices
	}
	return k
}

// view maps an entry. Without an error the view can be shown; with one it shows
// a device of which nothing is known but its id. Mended says what
// [power.Validate] had to mend.
func (k Kind) view(id string, e *Entry) (v *view, mended []error, err error) {
	devices := []power.Device{{}}
	err = guard(func() (err error) {
		if k.Map == nil {
			return errors.New("no receiver of this kind is configured")
		}
		devices[0], err = k.Map(e.State)
		return err
	})
	if err != nil {
		err = fmt.Errorf("mapping the state of device %q: %w", id, err)
		devices[0] = power.Device{}
	}
	d := &devices[0]
	d.ID = id
	d.Up = true
	d.LastSeen = power.Timestamp(e.Received)
	d.Events = e.Events.Events()
	mended = power.Validate(devices)
	v = &view{device: d, broken: err, received: e.Received, measured: e.Measured}
	v.event, v.eventAt = e.Events.Newest()
	return v, mended, err
}
