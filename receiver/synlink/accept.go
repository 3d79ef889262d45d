package synlink

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"power_exporter/internal/synlink"
	"power_exporter/receiver"
)

// accepted is the body of the answer to a post that was taken. A unit looks at
// the status alone.
const accepted = `{"message":"OK"}`

var errNoSerial = errors.New("the member enclosureSerialNumber is missing, which says what unit it is")

// acceptor takes posts into a store.
type acceptor struct {
	store       *receiver.Store
	expireAfter time.Duration
}

// accept takes a post; see [receiver.Endpoint].
func (a acceptor) accept(ctx context.Context, p receiver.Push) ([]byte, error) {
	hook, err := synlink.DecodeWebhook(p.Body)
	if err == nil && hook.EnclosureSerialNumber == "" {
		err = errNoSerial
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", receiver.ErrMalformed, err)
	}
	var said parts
	if err := json.Unmarshal(p.Body, &said); err != nil {
		return nil, fmt.Errorf("%w: %w", receiver.ErrMalformed, err)
	}
	key := receiver.Key{Kind: Name, Sender: p.Sender, Device: hook.EnclosureSerialNumber}
	err = a.store.Update(ctx, key, func(e *receiver.Entry, now time.Time) error {
		count(&e.Events, hook, now)
		return a.merge(e, now, hook.EnclosureSerialNumber, &said)
	})
	if err != nil {
		return nil, err
	}
	return []byte(accepted), nil
}

// count counts the event of a post. One without a code has readings and is none.
func count(log *receiver.EventLog, hook synlink.Webhook, now time.Time) {
	if hook.EventCode == "" {
		return
	}
	event := hook.Event()
	log.Add(receiver.EventRecord{Code: event.Code, Name: event.Event, Text: hook.EventName, At: now, Value: event.LastValue})
}
