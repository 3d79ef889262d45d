package nut

import (
	"strings"

	"power_exporter/power"
)

// states gives NUT's status words their names in the schema (developer guide,
// "Status data"; RFC 9271, section 5).
var states = map[string]power.State{
	"ALARM":   power.StateAlarm,
	"BOOST":   power.StateBoost,
	"BYPASS":  power.StateBypass,
	"CAL":     power.StateCalibration,
	"CHRG":    power.StateCharging,
	"COMM":    power.StateComm,
	"DISCHRG": power.StateDischarging,
	"FSD":     power.StateForcedShutdown,
	"HB":      power.StateHighBattery,
	"LB":      power.StateLowBattery,
	"NOCOMM":  power.StateNoComm,
	"OB":      power.StateOnBattery,
	"OFF":     power.StateOff,
	"OL":      power.StateOnLine,
	"OVER":    power.StateOverload,
	"RB":      power.StateReplaceBattery,
	"TEST":    power.StateTest,
	"TICK":    power.StateTick,
	"TOCK":    power.StateTock,
	"TRIM":    power.StateTrim,
}

// maxStates is how many words of a status are looked at.
const maxStates = 64

// status reads the words of ups.status. A word that is not in the table keeps
// its own name in lower case. Newer drivers say whether the battery is charging in
// battery.charger.status instead.
func status(v variables) power.States {
	text, charger := v.text("ups.status"), v.text("battery.charger.status")
	if text == "" {
		return power.States{}
	}
	var active []power.State
	for word := range strings.FieldsSeq(text) {
		if len(active) == maxStates {
			break
		}
		state, ok := states[strings.ToUpper(word)]
		if !ok {
			state = power.State(strings.ToLower(word))
		}
		active = append(active, state)
	}
	switch strings.ToLower(charger) {
	case "charging":
		active = append(active, power.StateCharging)
	case "discharging":
		active = append(active, power.StateDischarging)
	}
	return power.StatesOf(active...)
}
