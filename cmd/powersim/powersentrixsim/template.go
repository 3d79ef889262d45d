package powersentrixsim

import (
	"bytes"
	"math"
	"math/rand/v2"
)

// What differs from UPS to UPS and from push to push in a template: characters
// that no model has.
const (
	slotCMM    = '\uE000'
	slotSerial = '\uE001'
	slotUptime = '\uE002'
)

// template is a text with slots.
type template struct {
	begin []byte
	rest  []slot
}

// slot is a place in a template and the text behind it.
type slot struct {
	kind  rune
	after []byte
}

// newTemplate finds the slots of a text.
func newTemplate(text []byte) (t template) {
	isSlot := func(r rune) bool { return r >= slotCMM && r <= slotUptime }
	end := bytes.IndexFunc(text, isSlot)
	if end < 0 {
		return template{begin: text}
	}
	t.begin = text[:end]
	for end < len(text) {
		s := slot{kind: bytes.Runes(text[end:])[0]}
		text = text[end+len(string(s.kind)):]
		end = bytes.IndexFunc(text, isSlot)
		if end < 0 {
			end = len(text)
		}
		s.after = text[:end]
		t.rest = append(t.rest, s)
	}
	return t
}

// fill is the text with something in its slots.
func (t template) fill(cmm, serial, uptime string) []byte {
	text := append(make([]byte, 0, 3072), t.begin...)
	for _, s := range t.rest {
		switch s.kind {
		case slotCMM:
			text = append(text, cmm...)
		case slotSerial:
			text = append(text, serial...)
		case slotUptime:
			text = append(text, uptime...)
		}
		text = append(text, s.after...)
	}
	return text
}

// template is what a UPS of the model says, with slots for what is its own, and
// with readings that differ with the seed.
func (m Model) template(seed uint64, server, company string) (identity, status template) {
	m = m.As(string(slotCMM), string(slotSerial))
	if remote := m.Data.remoteServer(); remote != nil {
		remote.ServerURL, remote.CompanyID = server, company
	}
	if ident := m.Data.ident(); ident != nil && ident.MainUptime != "" {
		ident.MainUptime = string(slotUptime)
	}
	if d := m.Data.UPSData; d != nil {
		if d.Uptime != "" {
			d.Uptime = string(slotUptime)
		}
		d.stray(rand.New(rand.NewPCG(seed, seed))) //nolint:gosec // it must repeat itself
	}
	identity = newTemplate([]byte("{}"))
	if ident := m.Data.ident(); ident != nil {
		identity = newTemplate(encode(ident))
	}
	return identity, newTemplate(m.Data.text())
}

// stray changes readings a little.
func (d *UPSData) stray(random *rand.Rand) {
	around := func(n *int, by float64) {
		if n != nil {
			*n = int(math.Round(float64(*n) * (1 + by*(2*random.Float64()-1))))
		}
	}
	for i := range d.Voltages {
		around(&d.Voltages[i], 0.005)
	}
	for i := range d.Currents {
		around(&d.Currents[i], 0.1)
	}
	if d.Temps != nil {
		around(d.Temps.Board, 0.1)
		around(d.Temps.MCU, 0.1)
	}
	for i := range d.PS {
		around(d.PS[i].Main, 0.005)
		around(d.PS[i].Load, 0.005)
	}
}
