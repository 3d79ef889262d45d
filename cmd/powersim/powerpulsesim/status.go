package powerpulsesim

import "strings"

// statusWord is the one word that the program makes of NUT's ups.status: that
// of the first of these codes that is anywhere in it, or the status itself.
func statusWord(status string) string {
	for _, known := range []struct{ code, word string }{
		{"OL", "Online"},
		{"OB", "On Battery"},
		{"LB", "Low Battery"},
		{"RB", "Replace Battery"},
		{"CHRG", "Charging"},
		{"DISCHRG", "Discharging"},
		{"BYPASS", "Bypass"},
		{"CAL", "Calibration"},
		{"OFF", "Off"},
		{"OVER", "Overload"},
		{"TRIM", "Trimming Voltage"},
		{"BOOST", "Boosting Voltage"},
		{"FSD", "Forced Shutdown"},
	} {
		if strings.Contains(status, known.code) {
			return known.word
		}
	}
	return status
}
