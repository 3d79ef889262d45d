package powerpulsesim

// mix gives UPS systems values of each other, as the running program does with
// several UPSes of one upsd. The nth time every system has another form of it,
// from another neighbour; one of five has none.
func mix(systems []object, nth int) []object {
	if len(systems) < 2 {
		return systems
	}
	mixed := make([]object, 0, len(systems))
	for i, o := range systems {
		o = o.clone()
		donor := systems[(i+1+nth%(len(systems)-1))%len(systems)]
		forms := mixtures()
		for _, place := range forms[(i+nth)%len(forms)] {
			if value := donor.get(place); value != nil {
				o.set(place, value)
			}
		}
		mixed = append(mixed, o)
	}
	return mixed
}

// mixtures lists which values come from a neighbour. What the program makes of
// one NUT variable comes together.
func mixtures() [][]string {
	return [][]string{
		nil,
		{"deviceDetails/serial", "batteryCharge", "batteryDetails/charge"},
		{"deviceDetails/serial", "deviceDetails/model", "model", "batteryCharge", "batteryDetails/charge"},
		{"deviceDetails/model", "model", "load", "upsDetails/load"},
		{"upsDetails/serial", "upsDetails/model", "status", "upsDetails/status"},
	}
}
