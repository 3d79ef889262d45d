package powerpulse

import "strings"

// What the member status says of a UPS that PowerPulse could not read, and what
// a driver says that has just started.
const (
	statusError   = "Error"
	statusWaiting = "WAIT"
)

// rawStatus is NUT's word for the one that PowerPulse shows, or "" for a word
// that it does not use. It shows the first that fits, so that nothing is known
// about the others: it serves only where NUT's own words are missing. Where none
// fits it shows those, which are in capitals.
func rawStatus(word string) string {
	switch strings.ToLower(word) {
	case "online":
		return "OL"
	case "on battery":
		return "OB"
	case "low battery":
		return "LB"
	case "replace battery":
		return "RB"
	case "charging":
		return "CHRG"
	case "discharging":
		return "DISCHRG"
	case "bypass":
		return "BYPASS"
	case "calibration":
		return "CAL"
	case "off":
		return "OFF"
	case "overload":
		return "OVER"
	case "trimming voltage":
		return "TRIM"
	case "boosting voltage":
		return "BOOST"
	case "forced shutdown":
		return "FSD"
	}
	if word == strings.ToUpper(word) {
		return word
	}
	return ""
}
