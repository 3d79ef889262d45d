package emssim

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"

	"power_exporter/cmd/powersim/simmodel"
)

//go:embed models
var models embed.FS

// Model is an EMS as recorded: what there is, and what it measures.
type Model struct {
	// Name is the model's own, or what a test calls it.
	Name string
	// SerialNumber and MAC are of the EMS itself. Without one, its endpoint
	// is 404.
	SerialNumber, MAC string
	// What the lists hold. The EMS keeps them in the order of the uids, which
	// are one number space in the document's samples.
	Devices  []Device
	Loads    []Load
	Signals  []Signal
	Realtime []Value
	// Fresh moves the times of the values to when the model is played first:
	// the newest value is of that moment, and the others keep their distance
	// from it. Without it the times are as they are.
	Fresh bool
}

// Models lists the names of the recorded models:
//
//	manual  the document's samples as they are printed, which do not fit together: their values are of signals whose load and device are not listed
//	site    a site with four devices: a main meter with three loads, one of them disabled, a three-phase meter, a smart meter that feeds in, and a virtual one; with signals that are disabled, 3 h old, null, or of an si that Quantities does not know
func Models() []string { return simmodel.Names(models, "models") }

// Recorded is a copy of the recorded model of that name. The error is about a
// name that is not in Models.
func Recorded(name string) (Model, error) {
	if err := simmodel.Check(name, Models()); err != nil {
		return Model{}, err
	}
	m := Model{Name: name, Fresh: name != "manual"}
	var replies struct {
		SN       string            `json:"sn"`
		MAC      string            `json:"mac"`
		Devices  map[string]Device `json:"devices"`
		Loads    map[string]Load   `json:"loads"`
		Signals  map[string]Signal `json:"signals"`
		Realtime map[string]Value  `json:"realtime"`
	}
	for _, reply := range []string{"sn", "mac", "devices", "loads", "signals", "realtime"} {
		text, err := models.ReadFile(path.Join("models", name, reply+".json"))
		if err != nil {
			return Model{}, err
		}
		// Each reply has one member, its own.
		if err := json.Unmarshal(text, &replies); err != nil {
			return Model{}, fmt.Errorf("%s of model %s: %w", reply, name, err)
		}
	}
	m.SerialNumber, m.MAC = replies.SN, replies.MAC
	m.Devices, m.Loads = inOrder(replies.Devices), inOrder(replies.Loads)
	m.Signals, m.Realtime = inOrder(replies.Signals), inOrder(replies.Realtime)
	return m, nil
}

// MustRecorded is Recorded for a name that is known to be there: it panics
// where Recorded gives an error.
func MustRecorded(name string) Model { return simmodel.Must(Recorded(name)) }

// inOrder lists entries by their uids.
func inOrder[T entry](byUID map[string]T) []T {
	list := make([]T, 0, len(byUID))
	for _, v := range byUID {
		list = append(list, v)
	}
	sortEntries(list)
	return list
}

// sortEntries orders entries by their uids.
func sortEntries[T entry](list []T) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(a.id(), b.id()) })
}

// sort brings a model into the order in which lists are told.
func (m *Model) sort() {
	sortEntries(m.Devices)
	sortEntries(m.Loads)
	sortEntries(m.Signals)
	sortEntries(m.Realtime)
}

// clone is a copy that shares nothing.
func (m *Model) clone() Model {
	c := *m
	c.Devices, c.Signals = slices.Clone(m.Devices), slices.Clone(m.Signals)
	c.Loads = slices.Clone(m.Loads)
	for i := range c.Loads {
		l := &c.Loads[i]
		l.MeterBus = copied(l.MeterBus)
		l.TCP, l.RTU, l.Virtual, l.P1 = copied(l.TCP), copied(l.RTU), copied(l.Virtual), copied(l.P1)
	}
	c.Realtime = slices.Clone(m.Realtime)
	for i := range c.Realtime {
		c.Realtime[i].V = copied(c.Realtime[i].V)
	}
	return c
}

// copied is another pointer to the same, nil of nil.
func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}

// newest is the time of the newest value in milliseconds, 0 where there is none.
func (m *Model) newest() int64 {
	var newest int64
	for _, v := range m.Realtime {
		newest = max(newest, v.T)
	}
	return newest
}

// shift moves the time of every value by so many milliseconds.
func (m *Model) shift(by int64) {
	for i := range m.Realtime {
		m.Realtime[i].T += by
	}
}

// speaks says whether a device has a protocol, which is one of its loads'; any
// device has "".
func (m *Model) speaks(d Device, protocol string) bool {
	return protocol == "" || slices.ContainsFunc(m.Loads, func(l Load) bool {
		return l.DID == d.UID && l.protocol() == protocol
	})
}
