package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// aboutDevice says what a device is.
func aboutDevice(kind string) panel {
	return sheet(about{
		title: "About the " + kind, unit: units.Number, width: 24, height: 4,
		text:  "What the device says of itself. A device with several controllers has a line for each.",
		empty: "Choose a " + kind + ".",
	}, "+Target",
		labelsOf(eachMax("vendor, model, serial, firmware, hardware, name, location", chosen.of("power_device_info"))),
		label("Target", "instance"), label("Name", "name"), label("Vendor", "vendor"), label("Model", "model"), label("Serial number", "serial"),
		label("Firmware", "firmware"), label("Hardware", "hardware"), label("Location", "location"),
		label("Controller", "controller"),
		values("Uptime", units.DurationSeconds, eachMax("controller", chosen.of("power_device_uptime_seconds"))),
		values("Lifetime energy", units.KiloWattHour, eachMax("", chosen.of("power_device_lifetime_energy_joules_total"))+" / 3.6e6"),
		values("Streamed", units.Number, eachMax("", chosen.of("power_device_streamed")), named(words(word{"silent", warning}, word{"yes", good}))...),
		values("Surge protection", units.Number, eachMax("", chosen.of("power_device_surge_protection_active")), named(yesIsGood())...),
		values("Pairing needed", units.Number, eachMax("", chosen.of("power_device_pairing_needed")), named(yesIsOdd())...),
	)
}

// alarmTimeline shows when the triggers held that are set up in a device.
func alarmTimeline(width, height uint32) panel {
	return timeline(about{
		title: "Alarms", unit: units.Number, width: width, height: height,
		text:  "When the conditions of the triggers held that somebody has set up in the device.",
		empty: "The device has no triggers.",
	}, []ask{{chosen.of("power_alarm_active"), "{{device}} {{alarm}} {{name}}"}}, yesIsBad())
}

// deviceEvents lists the events that a device has pushed.
func deviceEvents(width, height uint32) panel {
	return sheet(about{
		title: "Events", unit: units.Number, width: width, height: height,
		text:  "The 20 kinds of event that the device pushed last, how often each was counted, and the reading that the newest carried, in the event's own unit.",
		empty: "The device has pushed no event.",
	}, "-When", append(eventColumns(chosen),
		values("Reading", units.Number, eachMax("code, event", chosen.of("power_event_last_value"))),
	)...)
}
