package cloudtrax

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"power_exporter/collector"
	"power_exporter/power"
)

// network is what is known of a network at the end of a reading.
type network struct {
	devices []power.Device
	kept    int       // how many of them were read before
	since   time.Time // when the oldest of those was
	until   time.Time // how long the service asks to wait
}

// tell logs that the service asks to wait, where that had an effect.
func (n *network) tell(ctx context.Context) {
	if n.kept > 0 {
		collector.Kept(ctx, n.since)
		collector.Logger(ctx).Warn("the service asks to wait: strips are served as they were read before",
			"until", n.until.UTC().Format(time.RFC3339), "strips", n.kept, "oldest", time.Since(n.since).Round(time.Second))
	}
}

// add adds those of other devices that the network lacks.
func (n *network) add(others []power.Device) {
	for i := range others {
		if !slices.ContainsFunc(n.devices, func(d power.Device) bool { return d.ID == others[i].ID }) {
			n.devices = append(n.devices, others[i])
		}
	}
}

// readStrips reads the objects of the strips in a list and makes the devices of a
// reading that began then. The error is of all that failed.
func (c *Collector) readStrips(ctx context.Context, listed list, began time.Time) (network, error) {
	outcomes := c.ask(ctx, listed.strips)
	n := network{until: c.client.wait.end()}
	known := make(map[string]object, len(c.own))
	var failed failures
	var unasked, waiting names
	for i := range listed.strips {
		s, o := &listed.strips[i], &outcomes[i]
		id := s.ID.String()
		newest := c.own[id]
		var own *object
		switch {
		case !o.wanted:
			newest = object{}
		case !o.asked:
			unasked.add(s)
		case o.err == nil:
			newest, own = o.object, &o.object
		case isWaiting(o.err) && fit(newest.at):
			own = &newest
		case isWaiting(o.err):
			waiting.add(s)
		default:
			failed.add(s, o.err)
		}
		if !newest.at.IsZero() {
			known[id] = newest
		}
		n.addStrip(s, listed.at, own, began)
	}
	c.own = known
	errs := failed.errors()
	if len(waiting) > 0 {
		errs = append(errs, fmt.Errorf("%w, and there is no reading of the last %s of %s", &waitError{n.until}, keepFor, waiting))
	}
	if len(unasked) > 0 {
		errs = append(errs, fmt.Errorf("not asked any more: %s", unasked))
	}
	return n, errors.Join(errs...)
}

// addStrip makes a device of a strip in a list of that time and of its own object,
// nil for none, and says how old it is where it was read before.
func (n *network) addStrip(listed *strip, at time.Time, own *object, began time.Time) {
	var d power.Device
	if own == nil {
		d = device(listed, nil)
	} else {
		d, at = device(listed, &own.strip), own.at
	}
	if at.Before(began) {
		d.ReadingAge = power.Elapsed(time.Since(at))
		if n.kept++; n.since.IsZero() || at.Before(n.since) {
			n.since = at
		}
	}
	n.devices = append(n.devices, d)
}
