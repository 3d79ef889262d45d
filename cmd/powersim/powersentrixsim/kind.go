package powersentrixsim

import "fmt"

// kind is a kind of event. The document has one code, I/E01 for an output that
// was turned on; the others are invented after it, W for a warning.
type kind struct {
	code        string
	description string
}

// turned is an output that was switched.
func turned(output int, on bool) kind {
	if on {
		return kind{"I/E01", fmt.Sprintf("Output %d turned ON", output)}
	}
	return kind{"I/E02", fmt.Sprintf("Output %d turned OFF", output)}
}

// mains is the mains that failed or came back.
func mains(on bool) kind {
	if on {
		return kind{"I/E11", "Mains power restored"}
	}
	return kind{"W/E10", "Mains power failed"}
}

// batteryLow is a battery that has not much left.
func batteryLow() kind { return kind{"W/E12", "Battery voltage low"} }

// recurring is what the UPSes of a Fleet record, again and again.
func recurring(ord int) kind {
	switch ord % 4 {
	case 1:
		return mains(false)
	case 2:
		return mains(true)
	case 3:
		return turned(3, false)
	}
	return turned(3, true)
}
