package powersentrixsim

// device is what a Pusher sends of.
type device interface {
	// CMM identifies it to the server.
	CMM() string
	// identity is the body of setNewUps.
	identity() []byte
	// status is the body of the nth setUpsData, counted from 1.
	status(n int) []byte
	// oldest is the oldest record of the event log with a greater ord.
	oldest(after int) (record, bool)
	// forget empties the event log; the next record is number 1.
	forget()
	// woken has something after the log has changed; nil where it changes
	// with status alone.
	woken() <-chan struct{}
}

// record is a record of an event log and the body of its setUpsLog.
type record struct {
	ord  int
	code string
	body []byte
}

// identity is the body of setNewUps.
func (u *UPS) identity() []byte { return u.Ident() }

// status is the body of setUpsData.
func (u *UPS) status(int) []byte { return u.Data() }

// oldest is the oldest record with a greater ord.
func (u *UPS) oldest(after int) (record, bool) {
	e, ok := u.events.after(after)
	if !ok {
		return record{}, false
	}
	return record{e.Ord, e.Code, encode(e)}, true
}

// forget empties the event log.
func (u *UPS) forget() { u.events.reset() }

// woken has something after the log has changed.
func (u *UPS) woken() <-chan struct{} { return u.events.wake }
