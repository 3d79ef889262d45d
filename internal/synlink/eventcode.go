package synlink

import (
	"slices"

	"power_exporter/power"
)

// What the value of an event is, in the event's own unit: that of its
// threshold.
const (
	amperes     = "amperes"
	volts       = "volts"
	hertz       = "hertz"
	ratio       = "ratio"
	kWh         = "kWh"
	watts       = "watts"
	voltAmperes = "volt-amperes"
	percent     = "per cent"
	celsius     = "degrees Celsius"
	nothing     = ""
)

// eventCode is a row of the document's Event Codes Table.
type eventCode struct {
	code string
	name string
	unit string // of its threshold, nothing where it has none
}

// eventCodes is the table, in its order by number. The document calls 20 a
// second "Inlet Max Line Frequency Threshold"; it is the lower one, like every
// second of a pair.
var eventCodes = [...]eventCode{
	{"12", "AutoPing Timeout", nothing},
	{"13", "Inlet Line Max Current Threshold", amperes},
	{"14", "Inlet Line Min Current Threshold", amperes},
	{"15", "Inlet Max Current Threshold", amperes},
	{"16", "Inlet Min Current Threshold", amperes},
	{"17", "Inlet Max Voltage Threshold", volts},
	{"18", "Inlet Min Voltage Threshold", volts},
	{"19", "Inlet Max Line Frequency Threshold", hertz},
	{"20", "Inlet Min Line Frequency Threshold", hertz},
	{"21", "Inlet Min Power Factor", ratio},
	{"22", "Inlet Active Energy Accumulation Max", kWh},
	{"23", "Inlet Max Active Power Threshold", watts},
	{"24", "Inlet Min Active Power Threshold", watts},
	{"25", "Inlet Max Apparent Power Threshold", voltAmperes},
	{"26", "Inlet Min Apparent Power Threshold", voltAmperes},
	{"29", "Inlet 3 Phase Imbalance", percent},
	{"30", "Bank Circuit Breaker Trip", nothing},
	{"31", "Bank Max Current Threshold", amperes},
	{"32", "Bank Min Current Threshold", amperes},
	{"33", "Bank Max Voltage Threshold", volts},
	{"34", "Bank Min Voltage Threshold", volts},
	{"35", "Bank Max Line Frequency Threshold", hertz},
	{"36", "Bank Min Line Frequency Threshold", hertz},
	{"37", "Bank Min Power Factor", ratio},
	{"38", "Bank Active Energy Accumulation Max", kWh},
	{"39", "Bank Max Active Power Threshold", watts},
	{"40", "Bank Min Active Power Threshold", watts},
	{"41", "Bank Max Apparent Power Threshold", voltAmperes},
	{"42", "Bank Min Apparent Power Threshold", voltAmperes},
	{"45", "Outlet Max Current Threshold", amperes},
	{"46", "Outlet Min Current Threshold", amperes},
	{"49", "Temperature Max Threshold", celsius},
	{"50", "Temperature Min Threshold", celsius},
	{"51", "Humidity Max Threshold", percent},
	{"52", "Humidity Min Threshold", percent},
	{"53", "Scheduled Daily Time", nothing},
	{"54", "Scheduled Time Interval", nothing},
	{"55", "ATS Switched to Secondary", nothing},
	{"56", "ATS Switched to Primary", nothing},
	{"57", "Secondary Power Source Lost", nothing},
	{"58", "Secondary Power Source Restored", nothing},
	{"59", "System Power Recovery Event", nothing},
	{"60", "Monthly Scheduled Event", nothing},
	{"61", "Weekly Scheduled Event", nothing},
	{"62", "Digital Input State High", nothing},
	{"63", "Digital Input State Low", nothing},
	{"64", "User Switch Triggered", nothing},
	{"65", "Sensor Connected/Disconnected", nothing},
}

// eventOf is the row of a code.
func eventOf(code string) (event eventCode, known bool) {
	i := slices.IndexFunc(eventCodes[:], func(e eventCode) bool { return e.code == code })
	if i < 0 {
		return eventCode{}, false
	}
	return eventCodes[i], true
}

// EventName is the name that the document's Event Codes Table gives to a code,
// or "" for a code that is not in it.
func EventName(code string) string {
	event, _ := eventOf(code)
	return event.name
}

// EventUnit is the unit of an event's threshold, and so of the value that
// exceeds it: "amperes", "per cent" and so on. It is "" for an event without a
// threshold, such as a breaker's trip, and for a code that is not in the table.
func EventUnit(code string) string {
	event, _ := eventOf(code)
	return event.unit
}

// eventValue is the value that an event carries, in its own unit. An event
// without a threshold sends a 0 that means nothing; of a code that is not in
// the table nobody knows.
func eventValue(code string, value power.Number) power.Value {
	if event, known := eventOf(code); known && event.unit == nothing {
		return power.Value{}
	}
	return power.Raw(value)
}
