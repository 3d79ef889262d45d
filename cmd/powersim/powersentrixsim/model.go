package powersentrixsim

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"path"

	"power_exporter/cmd/powersim/simmodel"
)

//go:embed models
var models embed.FS

// Model is a UPS as recorded.
type Model struct {
	// Name is the model's own, or what a test calls it.
	Name string
	// CMM identifies the UPS to a server. Where Data has remoteServer it is
	// its upsId.
	CMM string
	// Data is what the UPS says of itself.
	Data Data
}

// Models lists the names of the recorded models:
//
//	full         two power supplies, twelve outputs, four extra actions; two outputs of one name
//	manual       the document's sample of setUpsData, with the outputs that it leaves out, and the ident of setNewUps
//	minimal      one power supply, two outputs, no settings, and hardly anything else
//	tenmilliamp  as full, but its currents count 10 mA, as the document's worked example does
func Models() []string { return simmodel.Names(models, "models") }

// Recorded is a copy of the recorded model of that name. The error is about a
// name that is not in Models.
func Recorded(name string) (Model, error) {
	if err := simmodel.Check(name, Models()); err != nil {
		return Model{}, err
	}
	text, err := models.ReadFile(path.Join("models", name+".json"))
	if err != nil {
		return Model{}, err
	}
	m := Model{Name: name, CMM: "ups-" + name}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m.Data); err != nil {
		return Model{}, fmt.Errorf("model %s: %w", name, err)
	}
	if remote := m.Data.remoteServer(); remote != nil {
		m.CMM = remote.UPSID
	}
	return m, nil
}

// MustRecorded is Recorded for a name that is known to be there: it panics
// where Recorded gives an error.
func MustRecorded(name string) Model { return simmodel.Must(Recorded(name)) }

// As is a copy of a model with another identity: cmm, and a serial number if
// the model has one.
func (m Model) As(cmm, serial string) Model {
	m.Data = m.Data.clone()
	m.CMM = cmm
	if remote := m.Data.remoteServer(); remote != nil {
		remote.UPSID = cmm
	}
	if ident := m.Data.ident(); ident != nil && ident.SN != "" {
		ident.SN = serial
	}
	return m
}

// remoteServer is that part of the settings, or nil.
func (d *Data) remoteServer() *RemoteServer {
	if d.Config == nil || d.Config.Settings == nil {
		return nil
	}
	return d.Config.Settings.RemoteServer
}

// ident is that part of the configuration, or nil.
func (d *Data) ident() *Ident {
	if d.Config == nil {
		return nil
	}
	return d.Config.Ident
}

// text is the JSON without spaces.
func (d *Data) text() []byte { return encode(d) }

// clone shares nothing with d.
func (d *Data) clone() (copied Data) {
	if err := json.Unmarshal(d.text(), &copied); err != nil {
		panic(err) // it was made from that type
	}
	return copied
}

// encode writes JSON without spaces and without escapes for HTML, as a device
// does.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // every type that is encoded here can be
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
