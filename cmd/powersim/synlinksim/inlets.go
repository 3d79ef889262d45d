package synlinksim

// inlets gives each inlet what its banks draw together.
func (l *Live) inlets(banks map[string]circuit) {
	all := objects(l.pdu.replies["inlets"])
	for _, inlet := range all {
		name := "inlet " + inlet.text("id")
		sum, lines := circuit{voltage: 1}, phases{}
		for _, b := range objects(l.pdu.replies["banks"]) {
			c := banks[b.text("id")]
			// A bank that does not tell its inlet is behind the only one.
			if c.inlet != inlet.text("id") && len(all) > 1 {
				continue
			}
			sum.current.add(c.current)
			sum.apparent.add(c.apparent)
			sum.power.add(c.power)
			sum.voltage = c.voltage
			lines.add(c.lines, c.current.now)
		}
		l.grow(inlet, name, "inletEnergyAccumulation", "")
		scale := func(key string, by float64, decimals int) {
			l.set(inlet, key, l.base(name, inlet, key)*by, decimals)
		}
		scale("inletCurrentRms", sum.current.ratio(), 3)
		scale("inletVoltageRms", sum.voltage, 1)
		scale("inletActivePower", sum.power.ratio(), 2)
		scale("inletApparentPower", sum.apparent.ratio(), 2)
		if sum.apparent.ratio() != 0 {
			scale("inletPowerFactor", sum.power.ratio()/sum.apparent.ratio(), 3)
		}
		l.set(inlet, "inletLineFrequency", l.frequency(l.base(name, inlet, "inletLineFrequency")), 3)
		l.lines(inlet, lines)
	}
}

// lines gives each line of a three-phase inlet its current.
func (l *Live) lines(inlet *object, currents phases) {
	var shown []float64
	for _, line := range objects(inlet.get("inletLines")) {
		current := currents.in(line.text("line"))
		l.set(line, "currentRms", current, 3)
		shown = append(shown, current)
	}
	if len(shown) > 0 && inlet.has("threePhaseBalance") {
		inlet.set("threePhaseBalance", balance(shown))
	}
}

// add puts a load to others.
func (l *load) add(other load) {
	l.now += other.now
	l.recorded += other.recorded
}

// ratio is how many times what was recorded the load is; 1 where that is
// nothing.
func (l *load) ratio() float64 {
	if l.recorded == 0 {
		return 1
	}
	return l.now / l.recorded
}
