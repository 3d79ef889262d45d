package synlink

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// feed is what is known of a PDU whose stream is read: what requests have told,
// the newest frame, and the extremes of all frames. The stream fills it and
// probes look at it.
type feed struct {
	endpoints []string // whose parts of a frame are wanted

	mu       sync.Mutex
	base     synlink.Readings // by requests; the frame is applied to it
	frame    synlink.Frame    // the newest
	at       time.Time        // of the newest; zero before the first
	err      error            // why the last connection ended; nil since the newest frame
	odd      error            // what else came since; nil for nothing
	extremes *extremes
}

func newFeed(endpoints []string, window time.Duration) *feed {
	return &feed{endpoints: endpoints, extremes: newExtremes(window)}
}

// setBase makes readings by requests what frames are applied to.
func (f *feed) setBase(r synlink.Readings) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.base = r
}

// take makes a frame the newest.
func (f *feed) take(frame synlink.Frame, now time.Time) {
	frame = wanted(frame, f.endpoints)
	var alone synlink.Readings
	alone.Apply(frame)
	d := alone.Device()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frame, f.at, f.err, f.odd = frame, now, nil, nil
	f.extremes.note(&d, now)
}

// lost notes why a connection has ended.
func (f *feed) lost(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// wonder notes what is wrong with a message that is no frame.
func (f *feed) wonder(odd error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.odd = odd
}

// newest is when the newest frame came (zero if none did), and why there was no
// other since if that is known.
func (f *feed) newest() (at time.Time, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at, f.err
}

// silent is why there was no frame for a while.
func (f *feed) silent(long time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return cmp.Or(f.err, noFrame(long, f.odd))
}

// lacking lists the endpoints of which the newest frame has nothing.
func (f *feed) lacking() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.endpoints), func(endpoint string) bool { return tells(f.frame, endpoint) })
}

// device is the PDU by the newest frame.
func (f *feed) device(now time.Time) power.Device {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.base
	r.Apply(f.frame)
	d := r.Device()
	f.extremes.fill(&d, now)
	d.Streamed = power.Boolean(true)
	d.ReadingAge = power.Elapsed(now.Sub(f.at))
	return d
}

// fill gives the points of a device their extremes.
func (f *feed) fill(d *power.Device, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.extremes.fill(d, now)
}

// wanted is the parts of a frame that are those of endpoints.
func wanted(f synlink.Frame, endpoints []string) synlink.Frame {
	var parts synlink.Frame
	for _, endpoint := range endpoints {
		switch endpoint {
		case "device":
			parts.Uptime = f.Uptime
		case "inlets":
			parts.Inlets = f.Inlets
		case "banks":
			parts.Banks = f.Banks
		case "outlets":
			parts.Outlets = f.Outlets
		case "sensors":
			parts.Sensors = f.Sensors
		}
	}
	return parts
}

// tells reports whether a frame has all readings of an endpoint.
func tells(f synlink.Frame, endpoint string) bool {
	switch endpoint {
	case "inlets":
		return f.Inlets != nil
	case "banks":
		return f.Banks != nil
	case "outlets":
		return f.Outlets != nil
	case "sensors":
		return f.Sensors != nil
	}
	return false
}
