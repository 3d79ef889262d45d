package powersentrixsim

import (
	"encoding/json"
	"sync"
)

// UPS is a simulated PowerSentrix DC UPS: what it says of itself, its event
// log, and its web server. All its methods may be called at any time from any
// goroutine.
type UPS struct {
	*server
	options Options
	cmm     string
	events  *eventLog

	mu   sync.RWMutex
	data Data
}

// NewUPS is a UPS that listens nowhere yet, and pushes nothing.
func NewUPS(options Options, model Model) *UPS {
	options = options.withDefaults()
	u := &UPS{options: options, cmm: model.CMM, events: newEventLog(options.LogSize), data: model.Data.clone()}
	u.server = newServer(options.Logger, options.Certificate, options.Latency, u.answer)
	return u
}

// CMM identifies the UPS to a server.
func (u *UPS) CMM() string { return u.cmm }

// Data is what the UPS says of itself now: the body of setUpsData.
func (u *UPS) Data() json.RawMessage {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return u.data.text()
}

// Ident is what the UPS is: the body of setNewUps. Without an identity it is an
// empty object.
func (u *UPS) Ident() json.RawMessage {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if ident := u.data.ident(); ident != nil {
		return encode(ident)
	}
	return encode(Ident{})
}

// Update changes what the UPS says of itself; edit keeps nothing of what it is
// given.
func (u *UPS) Update(edit func(*Data)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	edit(&u.data)
}

// look is a copy of what the UPS says of itself now.
func (u *UPS) look() Data {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return u.data.clone()
}
