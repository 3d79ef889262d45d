package ems

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"power_exporter/collector"
	"power_exporter/internal/rest"
)

// refresh reads the parts of the site that are due. A list that cannot be read is
// asked for again in the next reading. Version and serial number come last and
// wait for their turn again, so that they cost nobody else anything, and it is no
// error where they cannot be read.
func (c *Collector) refresh(ctx context.Context, values []valueReply) error {
	c.expire(values)
	due := c.dueOf(devices, loads, signals)
	if len(due) > 0 && ctx.Err() != nil {
		return fmt.Errorf("reading %s: no time is left: %w", sentence(due), context.Cause(ctx))
	}
	errs := c.readLists(ctx, due, values)
	if len(due) > 0 {
		c.arrange()
	}
	if ctx.Err() == nil {
		c.readIdentity(ctx)
	}
	return errors.Join(errs...)
}

// readLists reads the lists that are due. All that will probably have to be asked
// is asked at once.
func (c *Collector) readLists(ctx context.Context, due []endpoint, values []valueReply) []error {
	d, l, s := newReader[deviceReply](c, devices), newReader[loadReply](c, loads), newReader[signalReply](c, signals)
	var questions []*question
	for _, e := range due {
		switch e {
		case devices:
			questions = append(questions, d.ahead()...)
		case loads:
			questions = append(questions, l.ahead()...)
		default:
			questions = append(questions, s.ahead()...)
		}
	}
	c.client.askAll(ctx, questions)
	var errs []error
	for _, e := range due {
		var err error
		switch e {
		case devices:
			_, err = readList(ctx, d, &c.site.devices)
		case loads:
			_, err = readList(ctx, l, &c.site.loads)
		default:
			err = c.readSignals(ctx, s, values)
		}
		errs = append(errs, err)
	}
	return errs
}

// dueOf is those parts of the site that are to be read now.
func (c *Collector) dueOf(parts ...endpoint) []endpoint {
	now := c.now()
	return slices.DeleteFunc(parts, func(e endpoint) bool { return now.Before(c.due[e]) })
}

// arrange puts together what belongs together in the site.
func (c *Collector) arrange() {
	c.meters = c.site.meters(c.choice)
	if filter := c.narrow(); filter != c.filter {
		c.filter = filter
		delete(c.pages, realtime)
	}
}

// readList reads a list, and puts it in the place of what was there before. Part of
// a list is only better than none.
func readList[T any, P entry[T]](ctx context.Context, r *reader[T, P], to *[]T) (list[T], error) {
	l, err := r.read(ctx)
	if err == nil || len(*to) == 0 {
		*to = l.entries
	}
	if err != nil {
		return l, fmt.Errorf("reading %s: %w", r.endpoint.words(), err)
	}
	r.c.pages[r.endpoint] = l.pages
	r.c.due[r.endpoint] = r.c.now().Add(r.c.ttl)
	return l, nil
}

// readSignals reads the signals. None at all is an answer that is not believed
// as long as there are values.
func (c *Collector) readSignals(ctx context.Context, r *reader[signalReply, *signalReply], values []valueReply) error {
	before := c.site.signals
	l, err := readList(ctx, r, &c.site.signals)
	if err == nil && len(l.entries) == 0 && len(values) > 0 {
		c.site.signals = before
		delete(c.due, signals)
		err = fmt.Errorf("reading signals: GET %s: there are none, although there are %d values",
			c.client.rest.URL(rest.Request{Path: c.client.path(signals)}), len(values))
	}
	if err == nil {
		c.learn(l, values)
	}
	return err
}

// learn notes what a whole list of signals tells about the values.
func (c *Collector) learn(l list[signalReply], values []valueReply) {
	if l.size != c.size {
		c.size = l.size
		delete(c.pages, realtime)
	}
	c.known = make(map[string]string, len(l.entries))
	for i := range l.entries {
		s := &l.entries[i]
		c.known[s.UID.String()] = s.SI.String()
	}
	c.unplaced = map[string]string{}
	for i := range values {
		if v := &values[i]; !c.fits(v) {
			c.unplaced[v.UID.String()] = v.SI.String()
		}
	}
}

// fits reports whether the signals have one for the value.
func (c *Collector) fits(v *valueReply) bool {
	si, ok := c.known[v.UID.String()]
	return ok && (v.SI == "" || v.SI.String() == si)
}

// doubtful reports whether a value is of a signal that is not known, or that is
// of something else by now, and the signals have not been read since.
func (c *Collector) doubtful(v *valueReply) bool {
	si, inVain := c.unplaced[v.UID.String()]
	return !c.fits(v) && (!inVain || si != v.SI.String())
}

// certain is the values that are not doubtful.
func (c *Collector) certain(values []valueReply) []valueReply {
	return slices.DeleteFunc(values, func(v valueReply) bool { return c.doubtful(&v) })
}

// expire has the lists read at once if there is a doubtful value.
func (c *Collector) expire(values []valueReply) {
	if _, read := c.due[signals]; !read {
		return
	}
	for i := range values {
		if c.doubtful(&values[i]) {
			delete(c.due, signals)
			delete(c.due, devices)
			delete(c.due, loads)
			return
		}
	}
}

// logOdd says how much of a list makes no sense.
func logOdd(ctx context.Context, e endpoint, n int) {
	if n > 0 {
		collector.Logger(ctx).Debug("entries make no sense and were left out", "of", e.words(), "entries", n)
	}
}
