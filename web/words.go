package web

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"power_exporter/power"
	"power_exporter/probe"
)

// ageText is how long ago something was, to one unit.
func ageText(age time.Duration) string {
	switch age = max(age, 0); {
	case age < time.Minute:
		return strconv.Itoa(int(age/time.Second)) + " s"
	case age < time.Hour:
		return strconv.Itoa(int(age/time.Minute)) + " min"
	case age < 48*time.Hour:
		return strconv.Itoa(int(age/time.Hour)) + " h"
	}
	return strconv.Itoa(int(age/(24*time.Hour))) + " d"
}

// tookText is how long something took.
func tookText(took time.Duration) string {
	switch {
	case took < time.Millisecond:
		return "<1 ms"
	case took < time.Second:
		return strconv.Itoa(int(took/time.Millisecond)) + " ms"
	}
	return strconv.FormatFloat(took.Seconds(), 'f', 1, 64) + " s"
}

// powerText is a power to three digits; "" if it is absent.
func powerText(v power.Value) string {
	watts, ok := v.Get()
	switch {
	case !ok:
		return ""
	case math.Abs(watts) < 999.5:
		return strconv.FormatFloat(watts, 'f', 0, 64) + " W"
	case math.Abs(watts) < 999_500:
		return threeDigits(watts/1e3) + " kW"
	}
	return threeDigits(watts/1e6) + " MW"
}

// threeDigits is a number of which at least three digits are shown.
func threeDigits(x float64) string {
	switch digits := math.Abs(x); {
	case digits < 9.995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case digits < 99.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// percentText is a ratio in percent; "" if it is absent.
func percentText(v power.Value) string {
	ratio, ok := v.Get()
	if !ok {
		return ""
	}
	return strconv.FormatFloat(ratio*100, 'f', 0, 64) + " %"
}

// spanText is the lowest and the highest reading in a unit; "" if there is none.
func spanText(s probe.Span, unit string) string {
	low, ok := s.Low.Get()
	if !ok {
		return ""
	}
	high, _ := s.High.Get()
	from, to := threeDigits(low), threeDigits(high)
	if from == to {
		return from + " " + unit
	}
	return from + "–" + to + " " + unit
}

// supplyText is what is known of what devices give or take: their power, or else
// volts and amperes.
func supplyText(s *probe.Summary) string {
	if s.Power.Present() {
		return powerText(s.Power)
	}
	volts := spanText(s.Volts, "V")
	amperes := spanText(probe.Span{Low: s.Amperes, High: s.Amperes}, "A")
	return strings.TrimSpace(volts + " " + amperes)
}

// batteryText is what is known of batteries: the lowest charge, or else their
// voltages.
func batteryText(s *probe.Summary) string {
	text := percentText(s.Charge)
	if text == "" {
		text = spanText(s.BatteryVolts, "V")
	}
	if s.LowBattery {
		text = strings.TrimSpace("low " + text)
	}
	return text
}

// countText is a number with its thousands apart.
func countText(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// parametersText is the parameters of a URL for people.
func parametersText(encoded string) string {
	text, err := url.QueryUnescape(strings.ReplaceAll(encoded, "&", " "))
	if err != nil {
		return encoded
	}
	return text
}

// commas lists words.
func commas(words []string) string { return strings.Join(words, ", ") }

// containsFold reports whether one of the texts contains a text, which is in
// lower case.
func containsFold(lower string, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), lower) {
			return true
		}
	}
	return false
}
