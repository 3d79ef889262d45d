package web

import (
	"testing"
	"time"

	"power_exporter/power"
	"power_exporter/probe"
)

func TestWords(t *testing.T) {
	t.Parallel()
	watts := func(w float64) string { return powerText(power.Watts(power.Of(w))) }
	percent := func(p float64) string { return percentText(power.Percent(power.Of(p))) }
	span := func(low, high float64) probe.Span {
		return probe.Span{Low: power.Volts(power.Of(low)), High: power.Volts(power.Of(high))}
	}
	for _, c := range []struct{ got, want string }{
		{ageText(-time.Second), "0 s"},
		{ageText(999 * time.Millisecond), "0 s"},
		{ageText(59 * time.Second), "59 s"},
		{ageText(time.Minute), "1 min"},
		{ageText(time.Hour - 1), "59 min"},
		{ageText(time.Hour), "1 h"},
		{ageText(48*time.Hour - 1), "47 h"},
		{ageText(48 * time.Hour), "2 d"},
		{tookText(0), "<1 ms"},
		{tookText(time.Millisecond), "1 ms"},
		{tookText(time.Second - 1), "999 ms"},
		{tookText(time.Second), "1.0 s"},
		{tookText(12340 * time.Millisecond), "12.3 s"},
		{powerText(power.Value{}), ""},
		{watts(0), "0 W"},
		{watts(-3.4), "-3 W"},
		{watts(999.4), "999 W"},
		{watts(999.5), "1.00 kW"},
		{watts(9994), "9.99 kW"},
		{watts(9995), "10.0 kW"},
		{watts(-31234), "-31.2 kW"},
		{watts(99950), "100 kW"},
		{watts(999499), "999 kW"},
		{watts(999500), "1.00 MW"},
		{watts(1.25e9), "1250 MW"},
		{percentText(power.Value{}), ""},
		{percent(0), "0 %"},
		{percent(97.4), "97 %"},
		{percent(100), "100 %"},
		{spanText(probe.Span{}, "V"), ""},
		{spanText(span(47.96, 48.04), "V"), "48.0 V"},
		{spanText(span(12, 230), "V"), "12.0–230 V"},
		{supplyText(&probe.Summary{Power: power.Watts(power.Of(9)), Volts: span(48, 48)}), "9 W"},
		{supplyText(&probe.Summary{Volts: span(48, 48), Amperes: power.Amperes(power.Of(2.5))}), "48.0 V 2.50 A"},
		{supplyText(&probe.Summary{Amperes: power.Amperes(power.Of(2.5))}), "2.50 A"},
		{supplyText(&probe.Summary{}), ""},
		{batteryText(&probe.Summary{Charge: power.Percent(power.Of(11)), LowBattery: true}), "low 11 %"},
		{batteryText(&probe.Summary{BatteryVolts: span(52.2, 52.3)}), "52.2–52.3 V"},
		{batteryText(&probe.Summary{LowBattery: true}), "low"},
		{batteryText(&probe.Summary{}), ""},
		{countText(0), "0"},
		{countText(999), "999"},
		{countText(1000), "1\u202f000"},
		{countText(1234567), "1\u202f234\u202f567"},
		{parametersText("ups=a+b%26c&device=x"), "ups=a b&c device=x"},
		{parametersText("%zz"), "%zz"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
