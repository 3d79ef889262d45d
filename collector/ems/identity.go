package ems

import (
	"context"

	"power_exporter/collector"
)

// text is a question to which the answer is one text, and the answer.
type text struct {
	question

	said string
}

// newText asks for the text behind an endpoint.
func newText(e endpoint) *text {
	t := &text{question: question{endpoint: e}}
	t.read = func(body []byte) (err error) {
		t.said, err = decodeText(e.member(), body)
		return err
	}
	return t
}

// readIdentity asks which EMS it is, where that is due.
func (c *Collector) readIdentity(ctx context.Context) {
	var texts []*text
	var questions []*question
	for _, e := range c.dueOf(version, serial) {
		t := newText(e)
		texts, questions = append(texts, t), append(questions, &t.question)
	}
	c.client.askAll(ctx, questions)
	for _, t := range texts {
		c.due[t.endpoint] = c.now().Add(c.ttl)
		switch {
		case t.err != nil:
			logUnread(ctx, t)
		case t.endpoint == version:
			c.site.version = t.said
		default:
			c.site.serial, c.site.id = t.said, t.said
		}
		if t.endpoint == serial && isRefusal(t.err) && c.site.serial == "" {
			c.readMAC(ctx)
		}
	}
}

// readMAC asks for the MAC address, which stands in for the serial number of an
// EMS that says that it has none.
func (c *Collector) readMAC(ctx context.Context) {
	t := newText(mac)
	if c.client.ask(ctx, &t.question); t.err != nil {
		logUnread(ctx, t)
		return
	}
	c.site.id = t.said
}

// logUnread says what is not known of the EMS itself.
func logUnread(ctx context.Context, t *text) {
	collector.Logger(ctx).Debug("the EMS does not tell all about itself", "missing", t.endpoint.words(), "err", t.err)
}
