package synlink

import (
	"time"

	"power_exporter/power"
)

// maxPoints bounds the memory that ever new ids in the frames of a hostile
// device take.
const maxPoints = 4096

// extremes are the highest and lowest currents and active powers of each point
// of a PDU over a sliding window. Looking at them changes nothing, so that two
// Prometheus servers see the same surge.
type extremes struct {
	window time.Duration
	points map[pointKey]*pointExtremes
}

// pointKey tells points apart: what it is, its id, its line or "", and how many
// before it have the same id.
type pointKey struct {
	point, id, line string
	before          int
}

// pointExtremes are those of one point.
type pointExtremes struct {
	current, activePower sliding
	seen                 time.Time
}

func newExtremes(window time.Duration) *extremes {
	return &extremes{window: window, points: map[pointKey]*pointExtremes{}}
}

// note takes in a device as one frame describes it. Points that were not in any
// frame for a window are forgotten.
func (x *extremes) note(d *power.Device, now time.Time) {
	each(d, func(key pointKey, e *power.Electrical) {
		p, ok := x.points[key]
		if !ok {
			if len(x.points) >= maxPoints {
				return // no PDU has so many
			}
			p = &pointExtremes{}
			x.points[key] = p
		}
		p.seen = now
		p.current.note(e.Current, now, x.window)
		p.activePower.note(e.ActivePower, now, x.window)
	})
	for key, p := range x.points {
		if now.Sub(p.seen) > x.window {
			delete(x.points, key)
		}
	}
}

// fill gives each point of a device its extremes.
func (x *extremes) fill(d *power.Device, now time.Time) {
	each(d, func(key pointKey, e *power.Electrical) {
		p, ok := x.points[key]
		if !ok {
			return
		}
		var found power.Extremes
		found.CurrentTrough, found.CurrentPeak = p.current.span(now, x.window)
		found.ActivePowerTrough, found.ActivePowerPeak = p.activePower.span(now, x.window)
		if found != (power.Extremes{}) {
			e.Extremes = &found
		}
	})
}

// each visits the points of a device whose extremes are kept.
func each(d *power.Device, visit func(pointKey, *power.Electrical)) {
	seen := map[pointKey]int{}
	at := func(point, id, line string, e *power.Electrical) {
		key := pointKey{point: point, id: id, line: line}
		before := seen[key]
		seen[key]++
		key.before = before
		visit(key, e)
	}
	for i := range d.Inlets {
		in := &d.Inlets[i]
		at("inlet", in.ID, "", &in.Electrical)
		for j := range in.Lines {
			at("inlet", in.ID, in.Lines[j].ID, &in.Lines[j].Electrical)
		}
	}
	for i := range d.Circuits {
		at("circuit", d.Circuits[i].ID, "", &d.Circuits[i].Electrical)
	}
	for i := range d.Outlets {
		at("outlet", d.Outlets[i].ID, "", &d.Outlets[i].Electrical)
	}
}
