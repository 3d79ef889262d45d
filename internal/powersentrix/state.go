package powersentrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"power_exporter/internal/lenient"
)

// State is all that is known of one UPS. It is read and written as JSON, and
// holds no secret. The zero State is a UPS of which nothing is known yet.
//
// A State is a value: merging into a copy leaves the original as it was.
type State struct {
	Payload
	Basic       BasicInfo `json:"basicInfo"`   // from the portal
	Description string    `json:"description"` // upsDescription of the registration
}

// ErrNothing says that JSON came, and that none of it is about a UPS.
var ErrNothing = errors.New("the JSON says nothing of a UPS")

// MergeNew takes what a UPS says of itself when it registers, the body of
// setNewUps, or the answer to fn=1: an [Ident]. The description is that of the
// registration's upsDescription, "" where there was none. What is left out stays
// as it was.
//
// An error says that data are no JSON object, or, being [ErrNothing], that none
// of an Ident's members is there; the State then is as it was.
func (s *State) MergeNew(data []byte, description string) error {
	merged := *s
	if description != "" {
		merged.Description = description
	}
	if err := decode(data, &merged.Config.Ident); err != nil {
		return err
	}
	*s = merged
	return nil
}

// MergeData takes what a UPS reports: a [Payload]. It may be partial. What is
// left out stays as it was, and so does an object in place of which there is
// null or something else. A list replaces the last one whole. A reading or list
// that is null is gone.
//
// An error says that data are no JSON object, or, being [ErrNothing], that it
// has neither config nor upsData; the State then is as it was.
func (s *State) MergeData(data []byte) error {
	merged, said := *s, Payload{}
	if err := decode(data, &said); err != nil {
		return err
	}
	if err := decode(data, &merged.Payload); err != nil {
		return err
	}
	if said.UPSData.Uptime != "" && said.Config.Ident.MainUptime == "" {
		merged.Config.Ident.MainUptime = "" // it is of the same controller, and older
	}
	*s = merged
	return nil
}

// MergeBasic takes the portal's summary of a UPS, the answer to getBasicInfo, in
// place of the last one.
//
// An error says that data are no JSON object, that the portal refused, or, being
// [ErrNothing], that it is no summary; the State then is as it was.
func (s *State) MergeBasic(data []byte) error {
	object, err := ResponseObject(data)
	if err != nil {
		return err
	}
	var basic BasicInfo
	if err := decode(object, &basic); err != nil {
		return err
	}
	s.Basic = basic
	return nil
}

// decode reads a JSON object onto v, if it has one of the members of a T.
func decode[T any](data []byte, v *T) error {
	var object map[string]json.RawMessage
	if err := lenient.Decode(data, &object); err != nil {
		return err
	}
	var members []string
	for field := range reflect.TypeFor[T]().Fields() {
		members = append(members, field.Tag.Get("json"))
	}
	for member := range object {
		if slices.ContainsFunc(members, func(m string) bool { return strings.EqualFold(m, member) }) {
			// It is an object, so an error is about a member of another kind than
			// documented, which counts as left out.
			_ = lenient.Decode(data, v)
			return nil
		}
	}
	return fmt.Errorf("%w: none of the members %s is there", ErrNothing, strings.Join(members, ", "))
}
