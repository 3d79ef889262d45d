package powersentrixsim

import "time"

// member is a UPS of a Fleet.
type member struct {
	fleet    *Fleet
	index    int
	cmm      string
	pushes   int // setUpsData so far
	forgotAt int // of them, those before the last factory reset
}

// CMM identifies the UPS to the server.
func (m *member) CMM() string { return m.cmm }

// identity is the body of setNewUps.
func (m *member) identity() []byte {
	return m.fleet.identities[m.index%variants].fill(m.cmm, serial(m.index), m.fleet.uptime(m.pushes))
}

// status is the body of the nth setUpsData.
func (m *member) status(n int) []byte {
	m.pushes = n
	return m.fleet.Data(m.index, n)
}

// oldest is the oldest record with a greater ord.
func (m *member) oldest(after int) (record, bool) {
	every := m.fleet.options.EventEvery
	if every == 0 || after >= (m.pushes-m.forgotAt)/every {
		return record{}, false
	}
	ord := after + 1
	kind := recurring(ord)
	// A repeated record has the time that it had.
	pushed := time.Duration(m.forgotAt+ord*every) * m.fleet.options.Push.Period
	at := time.Date(2026, time.May, 8, 14, 32, 1, 0, time.UTC).Add(pushed)
	return record{ord, kind.code, encode(Event{
		Ord: ord, Code: kind.code, CMM: m.cmm, Description: kind.description, Timestamp: at.Format(eventTime),
	})}, true
}

// forget empties the event log.
func (m *member) forget() { m.forgotAt = m.pushes }

// woken is never: the log changes with status alone.
func (m *member) woken() <-chan struct{} { return nil }
