package powersentrix

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"power_exporter/internal/powersentrix"
	"power_exporter/receiver"
)

// What a UPS sends: the last element of the path.
const (
	setNewUPS  = "setNewUps"
	setUPSData = "setUpsData"
	setUPSLog  = "setUpsLog"
)

// accepted is the body by which a UPS knows that a push has arrived. What it
// gets no such answer to it sends again.
const accepted = `{"responseMessage":"OK"}`

// acceptor takes pushes into a store.
type acceptor struct {
	store       *receiver.Store
	expireAfter time.Duration
}

// push is what a push changes.
type push struct {
	cmm    string // of the body, where the push can have it there
	change func(*receiver.Entry, time.Time) error
}

// accept takes a push; see [receiver.Endpoint].
func (a acceptor) accept(ctx context.Context, p receiver.Push) ([]byte, error) {
	what := path.Base(p.Path)
	if err := a.take(ctx, what, p); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return []byte(accepted), nil
}

// take is accept for one kind of push.
func (a acceptor) take(ctx context.Context, what string, p receiver.Push) error {
	cmm, err := parameter(p.Query, "cmm")
	if err != nil {
		return err
	}
	understood, err := a.understand(what, p)
	if err != nil {
		return err
	}
	if cmm = cmp.Or(cmm, understood.cmm); cmm == "" {
		return fmt.Errorf("%w: the parameter cmm is missing, which says what UPS it is: it belongs into the URL, as in ?companyId=...&cmm=ups-01", receiver.ErrMalformed)
	}
	return a.store.Update(ctx, receiver.Key{Kind: Name, Sender: p.Sender, Device: cmm}, understood.change)
}

// parameter is a parameter of a URL that may be there once, without blanks
// around it; "" if it is not there.
func parameter(query url.Values, name string) (string, error) {
	switch values := query[name]; len(values) {
	case 0:
		return "", nil
	case 1:
		return strings.TrimSpace(values[0]), nil
	default:
		return "", fmt.Errorf("%w: the parameter %s is in the URL %d times", receiver.ErrMalformed, name, len(values))
	}
}

// understand says what a push changes.
func (a acceptor) understand(what string, p receiver.Push) (push, error) {
	switch what {
	case setNewUPS:
		return a.registration(p)
	case setUPSData:
		return a.data(p), nil
	case setUPSLog:
		return event(p)
	}
	return push{}, fmt.Errorf("there is no push %q", what)
}

// registration reads a setNewUps: who the UPS is. It comes at the first boot,
// after a factory reset and by button, so that the event log may begin anew.
func (a acceptor) registration(p receiver.Push) (push, error) {
	description, err := parameter(p.Query, "upsDescription")
	if err != nil {
		return push{}, err
	}
	return push{change: func(e *receiver.Entry, now time.Time) error {
		e.Events.MarkReset()
		var said powersentrix.Payload
		_ = json.Unmarshal(p.Body, &said.Config.Ident) // see data
		return a.merge(e, now, said, func(s *powersentrix.State) error { return s.MergeNew(p.Body, description) })
	}}, nil
}

// data reads a setUpsData: all that the UPS reports.
func (a acceptor) data(p receiver.Push) push {
	return push{change: func(e *receiver.Entry, now time.Time) error {
		var said powersentrix.Payload
		// What is of another kind counts as left out; merging says whether the
		// body is a UPS's at all.
		_ = json.Unmarshal(p.Body, &said)
		return a.merge(e, now, said, func(s *powersentrix.State) error { return s.MergeData(p.Body) })
	}}
}

// event reads a setUpsLog: one record of the event log. A UPS sends a record
// again until it knows that it has arrived, always the same. One with neither a
// number nor a time counts each time: two records may well say the same.
func event(p receiver.Push) (push, error) {
	said, err := powersentrix.DecodeEvent(p.Body)
	if err != nil {
		return push{}, malformed(err)
	}
	origin, known := originOf(said)
	return push{cmm: said.CMM.String(), change: func(e *receiver.Entry, now time.Time) error {
		record := receiver.EventRecord{Code: said.Code.String(), Text: said.Description.String(), At: now}
		if known {
			e.Events.Count(origin, record)
		} else {
			e.Events.Add(record)
		}
		return nil
	}}, nil
}

// originOf is by what a record is told from others, and whether it is.
func originOf(said powersentrix.Event) (o receiver.Origin, known bool) {
	ord, numbered := said.Sequence()
	if !numbered {
		ord = receiver.NoOrd
	}
	o = receiver.Origin{
		Ord: ord, Time: said.Time(),
		Text: strings.Join([]string{said.Code.String(), said.Description.String(), said.Params.String(), said.Timestamp.String()}, "\x00"),
	}
	return o, numbered || !o.Time.IsZero()
}

// malformed is an error of decoding a body.
func malformed(err error) error { return fmt.Errorf("%w: %w", receiver.ErrMalformed, err) }
