package ems

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"power_exporter/collector"
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
	asked := c.askFor(ctx, due)
	var errs []error
	if a, ok := asked[devices]; ok {
		_, err := readList(ctx, c, devices, a, &c.site.devices)
		errs = append(errs, err)
	}
	if a, ok := asked[loads]; ok {
		_, err := readList(ctx, c, loads, a, &c.site.loads)
		errs = append(errs, err)
	}
	if a, ok := asked[signals]; ok {
		errs = append(errs, c.readSignals(ctx, a, values))
	}
	if len(asked) > 0 {
		c.arrange()
	}
	if ctx.Err() != nil {
		return errors.Join(errs...)
	}

	asked = c.askFor(ctx, c.dueOf(version, serial))
	if a, ok := asked[version]; ok {
		c.readVersion(ctx, a[0])
	}
	if a, ok := asked[serial]; ok {
		c.readSerial(ctx, a[0])
	}
	return errors.Join(errs...)
}

// dueOf is those parts of the site that are to be read now.
func (c *Collector) dueOf(parts ...endpoint) []endpoint {
	now := c.now()
	return slices.DeleteFunc(parts, func(e endpoint) bool { return now.Before(c.due[e]) })
}

// askFor asks for parts of the site: of a list, for the pages that will probably
// have to be read.
func (c *Collector) askFor(ctx context.Context, parts []endpoint) map[endpoint][]answer {
	var questions []question
	for _, e := range parts {
		questions = append(questions, c.questions(e)...)
	}
	answers := c.client.askAll(ctx, questions)
	asked := make(map[endpoint][]answer, len(parts))
	for i, q := range questions {
		asked[q.endpoint] = append(asked[q.endpoint], answers[i])
	}
	return asked
}

// arrange puts together what belongs together in the site.
func (c *Collector) arrange() {
	c.meters = c.site.meters(c.choice)
	if filter := c.narrow(); filter != c.filter {
		c.filter = filter
		delete(c.pages, realtime)
	}
}

// readList reads the rest of a list of which some pages were asked for, and puts
// it in the place of what was there before. Part of a list is only better than
// none.
func readList[T any, P entry[T]](ctx context.Context, c *Collector, e endpoint, asked []answer, to *[]T) (list[T], error) {
	p := pager{page: c.pager(ctx, e, asked), size: c.pageSize, look: c.looks(e)}
	if !e.paged() {
		p.size = defaultSize
	}
	l, err := readPages[T, P](e, p)
	logOdd(ctx, e, l.odd)
	if err == nil || len(*to) == 0 {
		*to = l.entries
	}
	if err != nil {
		return l, fmt.Errorf("reading %s: %w", e.words(), err)
	}
	c.pages[e] = l.pages
	c.due[e] = c.now().Add(c.ttl)
	return l, nil
}

// readSignals reads the signals. None at all is an answer that is not believed
// as long as there are values.
func (c *Collector) readSignals(ctx context.Context, asked []answer, values []valueReply) error {
	before := c.site.signals
	l, err := readList(ctx, c, signals, asked, &c.site.signals)
	if err == nil && len(l.entries) == 0 && len(values) > 0 {
		c.site.signals = before
		delete(c.due, signals)
		err = fmt.Errorf("reading signals: %s: there are none, although there are %d values", asked[0].asked, len(values))
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
