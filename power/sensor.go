package power

// Sensor is a probe for the environment, inside the device or attached to it,
// or an input/output module.
type Sensor struct {
	ID   string
	Name string

	Kind string // "internal", "ambient" or the device's own word
	Port string // where it is plugged in

	Temperature       Value // degrees Celsius
	TemperatureLimits Limits
	Humidity          Value // relative, ratio
	HumidityLimits    Limits

	SupplyOn Value // 1 when it feeds its auxiliary supply output
	SwitchOn Value // 1 when its user switch is on

	Inputs []SensorInput
	Relays []SensorRelay
}

// SensorInput is a digital input or dry contact of a sensor.
type SensorInput struct {
	ID   string
	Name string
	High Value // 1 when the input is high, or the contact closed
}

// SensorRelay is a relay output of a sensor.
type SensorRelay struct {
	ID     string
	Name   string
	Closed Value // 1 when the relay is closed
}
