package synlink

import "fmt"

// Answer takes the answer of GET /api/<endpoint> into the readings, in place of
// an earlier one. After an error the part is as it was.
func (r *Readings) Answer(endpoint string, data []byte) error {
	switch endpoint {
	case "device":
		return take(&r.Info, data, pointed(DecodeInfo))
	case "inlets":
		return take(&r.Inlets, data, DecodeInlets)
	case "banks":
		return take(&r.Banks, data, DecodeBanks)
	case "outlets":
		return take(&r.Outlets, data, DecodeOutlets)
	case "groups":
		return take(&r.Groups, data, DecodeGroups)
	case "sensors":
		return take(&r.Sensors, data, DecodeSensors)
	case "events":
		return take(&r.Events, data, DecodeEvents)
	case "conf":
		return take(&r.Conf, data, pointed(DecodeConf))
	case "diagnostics":
		return take(&r.Diagnostics, data, pointed(DecodeDiagnostics))
	}
	return fmt.Errorf("there is no endpoint %q", endpoint)
}

// take sets the part to what data say.
func take[T any](part *T, data []byte, decode func([]byte) (T, error)) error {
	decoded, err := decode(data)
	if err == nil {
		*part = decoded
	}
	return err
}

// pointed decodes to a pointer.
func pointed[T any](decode func([]byte) (T, error)) func([]byte) (*T, error) {
	return func(data []byte) (*T, error) {
		decoded, err := decode(data)
		return &decoded, err
	}
}
