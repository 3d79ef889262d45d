package ems

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// identity is what every entry of a list has.
type identity struct {
	UID lenient.Text `json:"uid"` // also the entry's key in the list
}

func (i *identity) key() *lenient.Text { return &i.UID }

// deviceReply is a meter or another source of readings (GET /v1/devices).
type deviceReply struct {
	identity
	Label      lenient.Text `json:"label"`
	PartNumber lenient.Text `json:"partNumber"`
}

func (d *deviceReply) usable() bool { return d.UID != "" || d.Label != "" || d.PartNumber != "" }

// loadReply is one measured channel of a device (GET /v1/loads). It has one of
// the blocks, named by its protocol; the document shows only meterBus, and gives
// no meaning of what is in it.
type loadReply struct {
	identity
	Label  lenient.Text `json:"label"`
	Enable lenient.Flag `json:"enable"`
	Index  setting      `json:"index"`
	Type   setting      `json:"type"`
	DID    lenient.Text `json:"did"` // the device

	RTU      settings `json:"rtu"`
	TCP      settings `json:"tcp"`
	MeterBus settings `json:"meterBus"`
	Virtual  settings `json:"virtual"`
	P1       settings `json:"P1"`
}

func (l *loadReply) usable() bool { return l.DID != "" || l.Label != "" }

// protocol is the name of the load's block, and what is in it; empty where it
// has none that is known.
func (l *loadReply) protocol() (name string, block settings) {
	switch {
	case l.RTU != nil:
		return "rtu", l.RTU
	case l.TCP != nil:
		return "tcp", l.TCP
	case l.MeterBus != nil:
		return "meterBus", l.MeterBus
	case l.Virtual != nil:
		return "virtual", l.Virtual
	case l.P1 != nil:
		return "P1", l.P1
	}
	return "", nil
}

// signalReply is one measured quantity of a load (GET /v1/signals). The meaning
// of si is not published; that of sir, which repeats it, is not told either.
type signalReply struct {
	identity
	SI     lenient.Text `json:"si"`
	Enable lenient.Flag `json:"enable"`
	LID    lenient.Text `json:"lid"` // the load
	DID    lenient.Text `json:"did"` // the load's device
}

func (s *signalReply) usable() bool { return s.LID != "" && s.SI != "" }

// valueReply is the newest value of a signal (GET /v1/realtime). Its uid is the
// signal's. The document gives no meaning of r and s.
type valueReply struct {
	identity
	SI lenient.Text `json:"si"`
	V  power.Number `json:"v"`
	T  power.Number `json:"t"` // milliseconds since 1970; those of a history are seconds
	R  power.Number `json:"r"`
	S  power.Number `json:"s"`
}

func (v *valueReply) usable() bool { return v.SI != "" || v.V.Present() || v.T.Present() }

// maxTime is the last millisecond of the year 9999.
const maxTime = 253402300799999

// taken is when the value was measured; ok is false where it does not say so.
func (v *valueReply) taken() (at time.Time, ok bool) {
	ms, ok := power.Raw(v.T).Get()
	if !ok || ms <= 0 || ms > maxTime {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(ms)), true
}

// settings is a block of settings. What is no object has none.
type settings map[string]setting

// UnmarshalJSON implements [json.Unmarshaler], and never fails.
func (s *settings) UnmarshalJSON(data []byte) error {
	*s = nil
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return nil
	}
	return json.Unmarshal(data, (*map[string]setting)(s))
}

// setting is a number, or 1 for true and 0 for false. Everything else is absent.
type setting struct{ value power.Value }

// UnmarshalJSON implements [json.Unmarshaler], and never fails.
func (s *setting) UnmarshalJSON(data []byte) error {
	var n power.Number
	var f lenient.Flag
	err := errors.Join(n.UnmarshalJSON(data), f.UnmarshalJSON(data))
	s.value = power.Raw(n).Or(f.Value())
	return err
}
