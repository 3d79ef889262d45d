package powerpulsesim

import (
	"embed"
	"encoding/json"
	"path"

	"power_exporter/cmd/powersim/simmodel"
)

//go:embed models
var models embed.FS

// Model is what a server knows of its UPSes.
type Model struct {
	// Name is the model's own, or what a test calls it.
	Name string
	// Systems is the JSON array of UPS systems that both lists answer with;
	// the endpoint of one UPS system answers with one of its objects.
	Systems json.RawMessage
	// Mixed gives the objects the wrong values that the running program
	// gives to several UPSes of one upsd: at each request all but one of
	// five have values of others, each time different ones. Those can be
	// told by deviceDetails.serial and upsDetails.serial, or by model and
	// upsDetails.model, which differ.
	Mixed bool
}

// Models lists the names of the recorded models:
//
//	down        a UPS that is well, and three whose NUT server is down or lost them: Unknown, with nulls
//	down-error  a UPS that is well, and one in Error, with nulls
//	empty       no UPS at all
//	manual      the document's sample as it is printed; the details, of which it shows no more than {...}, are empty
//	mixed       five UPSes of one upsd, see Model.Mixed
//	raw         three UPSes whose rawVariables hold the NUT variables, as they should
//	running     six UPSes as version 1.10.0 shows them: rawVariables is [], what a UPS does not report is 0 or Unknown,
//	            a low battery on line and an upsd that says nothing read Online
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
	return Model{Name: name, Systems: text, Mixed: name == "mixed"}, nil
}

// MustRecorded is Recorded for a name that is known to be there: it panics
// where Recorded gives an error.
func MustRecorded(name string) Model { return simmodel.Must(Recorded(name)) }
