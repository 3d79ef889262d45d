package nut

import (
	"slices"
	"strings"

	"power_exporter/power"
)

// sensors maps the thermometer inside the UPS and the probes around it.
// "ambient." without a number is the embedded probe, which is also number 0.
func sensors(d *power.Device, v variables) {
	if internal := power.Celsius(v.number("ups.temperature")); internal.Present() {
		d.Sensors = append(d.Sensors, power.Sensor{ID: "ups", Kind: "internal", Temperature: internal})
	}
	var indices []string
	for i := range v {
		if x := &v[i]; x.at.domain == "ambient" && x.name != "ambient.count" && !slices.Contains(indices, x.at.index) {
			indices = append(indices, x.at.index)
		}
	}
	slices.SortFunc(indices, byNumber)
	for _, index := range indices {
		if sensor, ok := ambient(index, v); ok {
			d.Sensors = append(d.Sensors, sensor)
		}
	}
}

// ambient maps one probe, unless the device says that it is not plugged in:
// what it reports of it then are leftovers.
func ambient(index string, v variables) (power.Sensor, bool) {
	id, prefix := "0", "ambient."
	if index != "" {
		id, prefix = index, "ambient."+index+"."
	}
	if present, known := v.boolean(prefix+"present", "yes", "no").Get(); known && present == 0 {
		for i := range v {
			if x := &v[i]; x.at.domain == "ambient" && x.at.index == index {
				x.used = true
			}
		}
		return power.Sensor{}, false
	}
	return power.Sensor{
		ID:                id,
		Name:              v.text(prefix + "name"),
		Kind:              "ambient",
		Temperature:       power.Celsius(v.number(prefix + "temperature")),
		TemperatureLimits: limits(v, prefix+"temperature", power.Celsius),
		Humidity:          power.Percent(v.number(prefix + "humidity")),
		HumidityLimits:    limits(v, prefix+"humidity", power.Percent),
		Inputs:            contacts(prefix+"contacts.", v),
	}, true
}

// limits maps the thresholds of one quantity of a probe. Older drivers call the
// critical ones alarm.minimum and alarm.maximum.
func limits(v variables, quantity string, unit func(power.Number) power.Value) power.Limits {
	var l power.Limits
	for _, threshold := range []string{"low", "low.critical", "low.warning", "high", "high.critical", "high.warning"} {
		if n := v.number(quantity + "." + threshold); n.Present() {
			setLimit(&l, threshold, unit(n))
		}
	}
	l.LowCritical = l.LowCritical.Or(unit(v.number(quantity + ".alarm.minimum")))
	l.HighCritical = l.HighCritical.Or(unit(v.number(quantity + ".alarm.maximum")))
	return l
}

// contacts maps the dry contacts of a probe.
func contacts(prefix string, v variables) []power.SensorInput {
	var inputs []power.SensorInput
	for i := range v {
		name := v[i].name
		rest, ok := strings.CutPrefix(name, prefix)
		id, what, _ := strings.Cut(rest, ".")
		if !ok || what != "status" {
			continue
		}
		inputs = append(inputs, power.SensorInput{
			ID:   id,
			Name: v.text(prefix + id + ".name"),
			High: v.boolean(name, "closed", "open").Or(v.boolean(name, "active", "inactive")),
		})
	}
	slices.SortFunc(inputs, func(a, b power.SensorInput) int { return byNumber(a.ID, b.ID) })
	return inputs
}
