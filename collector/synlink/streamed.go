package synlink

import (
	"context"
	"slices"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

const (
	// slowLife is how long what the stream does not tell (groups, triggers) is
	// good for. A probe that finds it older asks for it, so that however many
	// servers scrape, the PDU is asked once a minute.
	slowLife = time.Minute
	// wholeLife is the same for names and limits of what the stream does tell.
	wholeLife = 10 * time.Minute
)

// base is what requests have told of a PDU whose stream is read.
type base struct {
	readings synlink.Readings
	whole    time.Time // when everything was read, without fail
	slow     time.Time // when everything was tried that is not in frames
	lacking  []string  // what was not in frames then; nil if that is not known
	err      error     // why something of that is missing; nil if nothing is
}

// collectStream answers from the newest frame, or by requests where the stream
// is silent.
func (c *Collector) collectStream(ctx context.Context) ([]power.Device, error) {
	c.stream.start()
	now := time.Now()
	fresh := c.listen(ctx, now)
	if !fresh {
		readings, err := c.readAll(ctx)
		c.keep(readings, now, err)
		d := readings.Device()
		c.feed.fill(&d, time.Now())
		d.Streamed = power.Boolean(false)
		return c.devices(d), err
	}
	err := c.refresh(ctx, now)
	return c.devices(c.feed.device(time.Now())), err
}

// listen reports whether the newest frame is fresh, and logs when the stream
// falls silent, and when it is back.
func (c *Collector) listen(ctx context.Context, now time.Time) (fresh bool) {
	at, _ := c.feed.newest()
	fresh = !at.IsZero() && now.Sub(at) < silence
	silent := !fresh && now.Sub(c.stream.begun) >= silence // before, it had no time to begin
	if silent != c.silent {
		c.silent = silent
		if silent {
			collector.Logger(ctx).Warn("the stream is silent; the PDU is read by requests instead", "err", c.feed.silent(silence))
		} else {
			collector.Logger(ctx).Info("the stream is back")
		}
	}
	return fresh
}

// refresh asks for what frames do not tell, if that is old, or was in frames
// before.
func (c *Collector) refresh(ctx context.Context, now time.Time) error {
	lacking := c.feed.lacking()
	if c.base.lacking == nil {
		c.base.lacking = lacking // everything was asked for, whatever is in frames
	}
	switch {
	case now.Sub(c.base.slow) < slowLife && slices.Equal(lacking, c.base.lacking):
		return c.base.err
	case now.Sub(c.base.whole) >= wholeLife:
		readings, err := c.readAll(ctx)
		c.keep(readings, now, err)
		return err
	}
	readings, err := c.empty(), error(nil)
	for _, endpoint := range c.options.Endpoints {
		if slices.Contains(lacking, endpoint) {
			continue
		}
		switch endpoint {
		case "inlets":
			readings.Inlets = c.base.readings.Inlets
		case "banks":
			readings.Banks = c.base.readings.Banks
		case "outlets":
			readings.Outlets = c.base.readings.Outlets
		case "sensors":
			readings.Sensors = c.base.readings.Sensors
		}
	}
	if len(lacking) > 0 {
		readings, err = c.read(ctx, lacking, readings)
	}
	c.base.readings, c.base.slow, c.base.lacking, c.base.err = readings, now, lacking, err
	c.feed.setBase(readings)
	return err
}

// keep makes readings of all endpoints what frames are applied to.
func (c *Collector) keep(readings synlink.Readings, now time.Time, err error) {
	c.base = base{readings: readings, slow: now, err: err}
	if err == nil {
		c.base.whole = now
	}
	c.feed.setBase(readings)
}
