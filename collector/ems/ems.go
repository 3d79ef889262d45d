package ems

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"power_exporter/collector"
	"power_exporter/power"
)

const (
	// defaultSize is how many entries a page has by the document.
	defaultSize = 1000
	// defaultAge is how far the time of a value may be from now, unless the
	// options say otherwise.
	defaultAge = time.Hour
)

// Collector reads the meters behind one EMS. It keeps the log-in and what the
// EMS is made of from reading to reading, so that a usual reading is one request
// for the values.
type Collector struct {
	client   *client
	signals  map[int]Signal
	ttl      time.Duration
	maxAge   time.Duration
	pageSize int
	uids     string // the parameter for the devices; empty for all
	choice   choice
	natives  bool
	now      func() time.Time

	site     site
	meters   []meter                // of the site
	due      map[endpoint]time.Time // when each part of the site is to be read again
	pages    map[endpoint]int       // how many each list had
	size     int                    // entries on a page of values
	filter   string                 // uids of the signals to read; empty for all
	known    map[string]string      // the si of all signals, by uid
	unplaced map[string]string      // the si of values for which signals were read in vain, by uid
}

// New makes a collector whose requests pass through the gate.
func New(o Options, gate *collector.Gate) *Collector {
	c := &Collector{
		client:   newClient(o, gate),
		signals:  o.Signals,
		ttl:      o.MetadataTTL,
		maxAge:   cmp.Or(o.MaxAge, defaultAge),
		pageSize: cmp.Or(o.PageSize, defaultSize),
		choice:   newChoice(o),
		natives:  o.Natives,
		now:      time.Now,
		due:      map[endpoint]time.Time{},
		pages:    map[endpoint]int{},
	}
	c.size = c.pageSize
	var uids []string
	for _, uid := range o.UIDs {
		uids = append(uids, strconv.Itoa(uid))
	}
	c.uids = parameter(uids)
	return c
}

// Close closes the connections that are kept.
func (c *Collector) Close() error {
	c.client.rest.Close()
	return nil
}

// Collect reads the values, and what the EMS is made of where that is too long
// ago. What cannot be read of the latter is as it was. A meter of which the EMS
// has no value that is new enough is a device that is not up, and no error; if
// there are no values at all, every device is one that is not up.
func (c *Collector) Collect(ctx context.Context) ([]power.Device, error) {
	c.client.begun = time.Now()
	err := c.client.session.Ready(ctx)
	var values []valueReply
	answered := false
	if err == nil {
		if values, answered, err = c.readValues(ctx); err != nil {
			err = fmt.Errorf("reading %s: %w", realtime.words(), err)
		}
	}
	now := c.now()
	if !hopeless(ctx, err) {
		err = errors.Join(err, c.refresh(ctx, values))
	}
	m := newMapping(c.signals, c.maxAge, c.natives, now, c.certain(values))
	read := c.site.gateway(answered)
	for i := range c.meters {
		read = append(read, m.device(&c.meters[i]))
	}
	m.log(ctx)
	return read, err
}

// readValues reads the newest values, and says whether the EMS gave any answer
// that can be read.
func (c *Collector) readValues(ctx context.Context) (values []valueReply, answered bool, err error) {
	r := newReader[valueReply](c, realtime)
	c.client.askAll(ctx, r.ahead())
	l, err := r.read(ctx)
	if err == nil {
		c.pages[realtime] = l.pages
	}
	return l.entries, l.pages > 0, err
}
