package nutsim

import (
	"embed"
	"fmt"
	"io"
	"path"
	"strings"

	"power_exporter/cmd/powersim/simmodel"
)

// recorded holds the devices as files that a real dummy-ups plays as well.
//
//go:embed devices/*.dev
var recorded embed.FS

// Devices lists the names of the recorded devices in alphabetical order.
func Devices() []string { return simmodel.Names(recorded, "devices") }

// Device is a recorded device under its own name; the one called stale is in
// StateStale. The error is about a name that is not among Devices.
func Device(name string) (UPS, error) {
	file, err := recorded.Open(path.Join("devices", name+".dev"))
	if err != nil {
		return UPS{}, fmt.Errorf("device %q: %w", name, err)
	}
	defer file.Close()
	u, err := ReadDevice(file)
	if err != nil {
		return UPS{}, fmt.Errorf("device %q: %w", name, err)
	}
	u.Name = name
	if name == "stale" {
		u.State = StateStale
	}
	return u, nil
}

// ReadDevice reads a file of variables as dummy-ups plays it: "name: value"
// lines and # comments, words parted by blanks and quoted as in all of NUT's
// configuration. It gives a UPS without a name, with the traits and the one
// instant command that dummy-ups declares. Unlike dummy-ups it refuses a line
// it cannot read, and keeps the driver.* variables of the file, in whose place
// dummy-ups puts its own.
func ReadDevice(r io.Reader) (UPS, error) {
	u := UPS{Variables: map[string]string{}, Traits: map[string]Trait{}, Commands: []string{"load.off"}}
	text, err := io.ReadAll(r)
	if err != nil {
		return UPS{}, err
	}
	var p parser
	for _, b := range append(text, '\n') {
		words, ended, err := p.feed(b)
		if err != nil {
			return UPS{}, err
		}
		if !ended || len(words) == 0 {
			continue
		}
		name, colon := strings.CutSuffix(words[0], ":")
		if !colon || len(words) < 2 {
			return UPS{}, fmt.Errorf("no name, colon and value in %q", words)
		}
		u.Variables[name] = strings.Join(words[1:], " ")
		u.Traits[name] = playedTrait(name)
	}
	if p.place != betweenWords {
		return UPS{}, fmt.Errorf("quotes are open at the end, after %d variables", len(u.Variables))
	}
	return u, nil
}
