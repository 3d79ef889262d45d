package nut

import (
	"path"
	"slices"

	"power_exporter/power"
)

// Natives says which of the variables that the schema has no metric for are
// exported as native readings.
type Natives struct {
	Export    bool     // whether any are
	Variables []string // globs of their names; none for all
}

// identifiers look like numbers on some devices, and count nothing.
var identifiers = []string{
	"device.macaddr", "device.part", "ups.date", "ups.display.language", "ups.firmware.aux",
	"ups.productid", "ups.time", "ups.vendorid", "driver.version", "driver.version.data",
	"driver.version.internal", "driver.version.usb", "driver.parameter.productid",
	"driver.parameter.serial", "driver.parameter.vendorid", "server.version",
}

// of returns the numeric variables that no other metric has used.
func (n Natives) of(v variables) []power.NativeReading {
	if !n.Export {
		return nil
	}
	var readings []power.NativeReading
	for i := range v {
		x := &v[i]
		value := power.Raw(power.Parse(x.value))
		if !value.Present() || x.used || x.quantity == "id" || slices.Contains(identifiers, x.name) || !n.wants(x.name) {
			continue
		}
		readings = append(readings, power.NativeReading{Point: x.at.domain, ID: x.at.index, Name: x.name, Value: value})
	}
	return readings
}

// wants says whether a variable is among those asked for. Globs were checked
// when the configuration was read.
func (n Natives) wants(name string) bool {
	return len(n.Variables) == 0 || slices.ContainsFunc(n.Variables, func(glob string) bool {
		matched, _ := path.Match(glob, name)
		return matched
	})
}
