package web

import (
	"testing"
	"time"

	"power_exporter/power"
)

func TestWords(t *testing.T) {
	t.Parallel()
	watts := func(w float64) string { return powerText(power.Watts(power.Of(w))) }
	percent := func(p float64) string { return percentText(power.Percent(power.Of(p))) }
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
