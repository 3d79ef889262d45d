package nut

import "testing"

func TestLocate(t *testing.T) {
	for name, want := range map[string]struct {
		at       place
		quantity string
	}{
		"input.voltage":                   {place{domain: "input"}, "voltage"},
		"input.voltage.low.critical":      {place{domain: "input"}, "voltage.low.critical"},
		"input.L1-N.voltage":              {place{domain: "input", line: "L1-N"}, "voltage"},
		"input.N.current":                 {place{domain: "input", line: "N"}, "current"},
		"input.2.L3.current.high.warning": {place{domain: "input", index: "2", line: "L3"}, "current.high.warning"},
		"input.bypass.L1-L2.voltage":      {place{domain: "input.bypass", line: "L1-L2"}, "voltage"},
		"input.bypass.frequency":          {place{domain: "input.bypass"}, "frequency"},
		"input.bypassed":                  {place{domain: "input"}, "bypassed"},
		"output.L2.power.percent":         {place{domain: "output", line: "L2"}, "power.percent"},
		"outlet.12.realpower":             {place{domain: "outlet", index: "12"}, "realpower"},
		"outlet.count":                    {place{domain: "outlet"}, "count"},
		"outlet.group.3.L1.current":       {place{domain: "outlet.group", index: "3", line: "L1"}, "current"},
		"outlet.group.count":              {place{domain: "outlet.group"}, "count"},
		"ambient.1.temperature.high":      {place{domain: "ambient", index: "1"}, "temperature.high"},
		"ambient.contacts.1.status":       {place{domain: "ambient"}, "contacts.1.status"},
		"ups":                             {place{domain: "ups"}, ""},
		"":                                {place{}, ""},
	} {
		if at, quantity := locate(name); at != want.at || quantity != want.quantity {
			t.Errorf("locate(%q) = %+v, %q; want %+v, %q", name, at, quantity, want.at, want.quantity)
		}
	}
}
