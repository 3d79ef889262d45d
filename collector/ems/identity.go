package ems

import (
	"context"
	"fmt"

	"power_exporter/collector"
)

// readVersion takes the version of the API.
func (c *Collector) readVersion(ctx context.Context, a answer) {
	c.due[version] = c.now().Add(c.ttl)
	if text, err := textOf(version, a); err == nil {
		c.site.version = text
	} else {
		logUnread(ctx, version, err)
	}
}

// readSerial takes the serial number, or the MAC address if the EMS says that
// it has none.
func (c *Collector) readSerial(ctx context.Context, a answer) {
	c.due[serial] = c.now().Add(c.ttl)
	text, err := textOf(serial, a)
	if err == nil {
		c.site.serial, c.site.id = text, text
		return
	}
	logUnread(ctx, serial, err)
	if c.site.serial != "" || !isRefusal(err) {
		return
	}
	if text, err = textOf(mac, c.client.ask(ctx, question{endpoint: mac})); err == nil {
		c.site.id = text
	} else {
		logUnread(ctx, mac, err)
	}
}

// textOf is the one text of an answer.
func textOf(e endpoint, a answer) (string, error) {
	if a.err != nil {
		return "", a.err
	}
	text, err := decodeText(e.member(), a.body)
	if err != nil {
		return "", fmt.Errorf("%s: %w", a.asked, err)
	}
	return text, nil
}

// logUnread says what is not known of the EMS itself.
func logUnread(ctx context.Context, e endpoint, err error) {
	collector.Logger(ctx).Debug("the EMS does not tell all about itself", "missing", e.words(), "err", err)
}
