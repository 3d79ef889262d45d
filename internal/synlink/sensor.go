package synlink

import (
	"cmp"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Sensor is the Sensor Object: an SPA-0010 thermometer and hygrometer
// ("temp_hum"), or an SPA-0140 Smart IO Hub ("dio_hub").
type Sensor struct {
	SensorID          lenient.Text `json:"sensorId"`   // not in a frame
	SensorPort        lenient.Text `json:"sensorPort"` // "A" or "B"
	SensorType        lenient.Text `json:"sensorType"`
	SensorName        lenient.Text `json:"sensorName"`
	SensorDescription lenient.Text `json:"sensorDescription"`

	SensorTempInC  power.Number `json:"sensorTempInC"`  // degrees Celsius
	SensorTempInF  power.Number `json:"sensorTempInF"`  // the same in degrees Fahrenheit
	SensorHumidity power.Number `json:"sensorHumidity"` // per cent

	OutputRelays    lenient.List[OutputRelay]  `json:"outputRelays"`
	DigitalInputs   lenient.List[DigitalInput] `json:"digitalInputs"`
	VDCOutputState  lenient.Flag               `json:"vdcOutputState"`
	UserSwitchState lenient.Flag               `json:"userSwitchState"`
}

// OutputRelay is the Output Relay Object of a hub.
type OutputRelay struct {
	Index           lenient.Text `json:"index"` // 1 to 6, as on the hub
	OutputRelayName lenient.Text `json:"outputRelayName"`
	State           lenient.Text `json:"state"` // "OPEN" or "CLOSE"
}

// DigitalInput is the Digital Input Object of a hub.
type DigitalInput struct {
	Index            lenient.Text `json:"index"` // 1 to 6, as on the hub
	DigitalInputName lenient.Text `json:"digitalInputName"`
	State            lenient.Text `json:"state"` // "HI" or "LOW"
}

// DecodeSensors reads what GET /api/sensors answers. The list is not nil unless
// there is an error.
func DecodeSensors(data []byte) ([]Sensor, error) {
	return decodeList[Sensor]("a sensor", "sensors", data)
}

// key is what a frame of the stream tells sensors apart by, for want of an id.
func (s Sensor) key() string { return s.SensorPort.String() + "\x00" + s.SensorType.String() }

// describedBy takes what the sensor is from an answer of the same sensor; what
// it reads stays as it is.
func (s Sensor) describedBy(answer Sensor) Sensor {
	s.SensorID = cmp.Or(s.SensorID, answer.SensorID)
	s.SensorName = cmp.Or(s.SensorName, answer.SensorName)
	s.SensorDescription = cmp.Or(s.SensorDescription, answer.SensorDescription)
	s.OutputRelays = described(s.OutputRelays, answer.OutputRelays)
	s.DigitalInputs = described(s.DigitalInputs, answer.DigitalInputs)
	return s
}

func (r OutputRelay) key() string { return r.Index.String() }

func (r OutputRelay) describedBy(answer OutputRelay) OutputRelay {
	r.OutputRelayName = cmp.Or(r.OutputRelayName, answer.OutputRelayName)
	return r
}

func (d DigitalInput) key() string { return d.Index.String() }

func (d DigitalInput) describedBy(answer DigitalInput) DigitalInput {
	d.DigitalInputName = cmp.Or(d.DigitalInputName, answer.DigitalInputName)
	return d
}

// device maps the sensor at an index of the list. One whose id nobody knows
// goes by its port.
func (s Sensor) device(index int) power.Sensor {
	sensor := power.Sensor{
		ID:          numbered(cmp.Or(s.SensorID.String(), s.SensorPort.String()), index),
		Name:        cmp.Or(s.SensorName.String(), s.SensorDescription.String()),
		Kind:        s.SensorType.String(),
		Port:        s.SensorPort.String(),
		Temperature: power.Celsius(s.SensorTempInC).Or(power.Fahrenheit(s.SensorTempInF)),
		Humidity:    power.Percent(s.SensorHumidity),
		SupplyOn:    s.VDCOutputState.Value(),
		SwitchOn:    s.UserSwitchState.Value(),
	}
	for i, relay := range s.OutputRelays {
		sensor.Relays = append(sensor.Relays, power.SensorRelay{
			ID:     numbered(relay.Index.String(), i),
			Name:   relay.OutputRelayName.String(),
			Closed: either(relay.State, []string{"close", "closed"}, []string{"open"}),
		})
	}
	for i, input := range s.DigitalInputs {
		sensor.Inputs = append(sensor.Inputs, power.SensorInput{
			ID:   numbered(input.Index.String(), i),
			Name: input.DigitalInputName.String(),
			High: either(input.State, []string{"hi", "high"}, []string{"low"}),
		})
	}
	return sensor
}
