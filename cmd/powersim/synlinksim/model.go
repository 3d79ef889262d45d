package synlinksim

import (
	"embed"
	"encoding/json"
	"path"

	"power_exporter/cmd/powersim/simmodel"
)

//go:embed models
var models embed.FS

// Model is a PDU as recorded: what each endpoint answers.
type Model struct {
	// Name is the model's own, or what a test calls it.
	Name string
	// Replies are JSON texts by the last word of an endpoint's path:
	// "device" is what /api/device answers. An endpoint without a reply is
	// 404, as with an older firmware. The reply "stream" is sent as every
	// frame of the stream, instead of one made of the others.
	Replies map[string]json.RawMessage
}

// Models lists the names of the recorded models:
//
//	ats       two inlets A and B, of which A is active and alone has readings; a negative power factor
//	delta     three phases, banks between lines, no circuit breakers, an inlet without power
//	dual      two circuits, each with its inlet; both inlets repeat one energy
//	iohub     a Smart IO Hub and a thermometer
//	manual    the document's samples as they are printed, which do not fit together
//	metered   outlets with a current and no relay
//	rack36    36 outlets in three banks of a three-phase inlet, with circuit breakers
//	single8   one phase, 8 outlets, metered and switched; no circuit breakers
//	switched  outlets with a relay and no current; a bank id that is a string
//	tripped   a circuit breaker that is open, and outlets that are on without voltage
//	wye       three phases, banks between a line and the neutral, a balance of 80%
func Models() []string { return simmodel.Names(models, "models") }

// Recorded is a copy of the recorded model of that name. The error is about a
// name that is not in Models.
func Recorded(name string) (Model, error) {
	if err := simmodel.Check(name, Models()); err != nil {
		return Model{}, err
	}
	dir := path.Join("models", name)
	m := Model{Name: name, Replies: map[string]json.RawMessage{}}
	for _, reply := range simmodel.Names(models, dir) {
		text, err := models.ReadFile(path.Join(dir, reply+".json"))
		if err != nil {
			return Model{}, err
		}
		m.Replies[reply] = text
	}
	return m, nil
}

// MustRecorded is Recorded for a name that is known to be there: it panics
// where Recorded gives an error.
func MustRecorded(name string) Model { return simmodel.Must(Recorded(name)) }
