package powersentrixsim

import (
	"slices"
	"sync"
	"time"
)

// eventTime is how a UPS writes the time of an event: without a zone, it is the
// device's local time.
const eventTime = "2006-01-02 15:04:05"

// Event is a record of a UPS's event log, as the body of setUpsLog has it.
type Event struct {
	Ord         int    `json:"ord"` // counts the records from 1, since the last factory reset
	Code        string `json:"code"`
	CMM         string `json:"cmm"`
	Description string `json:"description"`
	Params      string `json:"params"`
	Timestamp   string `json:"timestamp"` // as eventTime, local time
}

// eventLog is the event log of a UPS.
type eventLog struct {
	size int
	wake chan struct{} // has something after a change

	mu     sync.Mutex
	events []Event // the last ones
	ord    int     // of the newest ever
}

// newEventLog is an empty log that holds so many records.
func newEventLog(size int) *eventLog {
	return &eventLog{size: size, wake: make(chan struct{}, 1)}
}

// add appends a record and gives it its ord.
func (l *eventLog) add(e Event) Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ord++
	e.Ord = l.ord
	if len(l.events) == l.size {
		l.events = slices.Delete(l.events, 0, 1)
	}
	l.events = append(l.events, e)
	l.tell()
	return e
}

// after is the oldest record whose ord is greater.
func (l *eventLog) after(ord int) (Event, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ord >= l.ord {
		return Event{}, false
	}
	return l.events[max(0, ord+1-l.events[0].Ord)], true
}

// all is a copy, the oldest first.
func (l *eventLog) all() []Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.events)
}

// reset empties the log; the next record is number 1.
func (l *eventLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events, l.ord = nil, 0
	l.tell()
}

// tell wakes who waits for a change.
func (l *eventLog) tell() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Record appends a record to the UPS's event log, as of now, and gives it. A
// Pusher of the UPS sends it.
func (u *UPS) Record(code, description, params string) Event {
	return u.record(u.options.Now(), code, description, params)
}

// record is Record for a time.
func (u *UPS) record(at time.Time, code, description, params string) Event {
	return u.events.add(Event{
		Code: code, CMM: u.cmm, Description: description, Params: params,
		Timestamp: at.In(u.location()).Format(eventTime),
	})
}

// Events is a copy of the event log, the oldest record first.
func (u *UPS) Events() []Event { return u.events.all() }
