package nut

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"power_exporter/power"
)

// only is the id of a part of which NUT knows one at most, and so does not
// number: the input, the output, the battery.
const only = "1"

// Devices maps the variables of a UPS, and those of the devices daisy-chained
// behind it, which NUT gives as variables "device.<n>.…".
func Devices(ups UPS, natives Natives) []power.Device {
	own, chained := unchain(ups.Variables)
	devices := []power.Device{device(ups.Name, ups.Description, own, natives)}
	for _, n := range chained.numbers() {
		devices = append(devices, device(ups.Name+"."+strconv.Itoa(n), "", chained[n], natives))
	}
	return devices
}

// device maps the variables of one device.
func device(id, name string, list []Variable, natives Natives) power.Device {
	v := newVariables(list)
	d := power.Device{
		ID:       id,
		Vendor:   v.text("device.mfr", "ups.mfr"),
		Model:    v.text("device.model", "ups.model"),
		Serial:   v.text("device.serial", "ups.serial"),
		Firmware: v.text("device.firmware", "ups.firmware"),
		Name:     name,
		Location: v.text("device.location"),
		Kind:     kind(v),
		Up:       true,
		States:   status(v),
	}
	if description := v.text("device.description", "device.desc"); d.Name == "" {
		d.Name = description
	}
	if uptime := power.Seconds(v.number("device.uptime")); uptime.Present() {
		d.Uptimes = []power.Uptime{{Uptime: uptime}}
	}
	points(&d, v)
	battery(&d, v)
	sensors(&d, v)
	d.Natives = natives.of(v)
	return d
}

// kind says what the device is: device.type, or what its variables tell. NUT
// also knows "scd" and "psu", which stay as they are.
func kind(v variables) power.Kind {
	if word := strings.ToLower(v.text("device.type")); word != "" {
		return power.Kind(word)
	}
	switch {
	case v.find("ups.status") != nil:
		return power.KindUPS
	case v.find("outlet.count") != nil:
		return power.KindPDU
	}
	return ""
}

// maxChained is the highest number a chained device may have; real chains have
// fewer than ten.
const maxChained = 99

// chain is the variables of daisy-chained devices, by their number.
type chain map[int][]Variable

// numbers returns the numbers of the chained devices in order.
func (c chain) numbers() []int {
	return slices.Sorted(maps.Keys(c))
}

// unchain separates the variables of daisy-chained devices from the device's
// own. "device.2.outlet.1.status" is outlet.1.status of the second device,
// "device.2.model" its device.model (nut docs/daisychain.txt); "device.0." is
// the chain as a whole, whose values stay as they are.
func unchain(list []Variable) (own []Variable, chained chain) {
	own, chained = make([]Variable, 0, len(list)), chain{}
	for _, v := range list {
		n, name, ok := chainedName(v.Name)
		if !ok {
			own = append(own, v)
			continue
		}
		chained[n] = append(chained[n], Variable{Name: name, Value: v.Value})
	}
	return own, chained
}

// chainedName takes the name of a chained device's variable apart.
func chainedName(name string) (n int, variable string, ok bool) {
	rest, ok := strings.CutPrefix(name, "device.")
	if !ok {
		return 0, "", false
	}
	index, variable, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(index)
	if err != nil || n < 1 || n > maxChained || variable == "" {
		return 0, "", false
	}
	switch domain, _, _ := strings.Cut(variable, "."); domain {
	case "ups", "input", "output", "outlet", "battery", "ambient":
		return n, variable, true
	}
	return n, "device." + variable, true
}
