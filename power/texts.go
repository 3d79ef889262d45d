package power

// texts calls visit with every text of the device that can become the value of
// a label.
func (d *Device) texts(visit func(*string)) {
	all := func(texts ...*string) {
		for _, text := range texts {
			visit(text)
		}
	}
	lines := func(lines []Line) {
		for i := range lines {
			visit(&lines[i].ID)
		}
	}

	all(&d.ID, &d.Vendor, &d.Model, &d.Serial, &d.Firmware, &d.Hardware, (*string)(&d.Kind), &d.Name, &d.Location)
	for i := range d.Uptimes {
		visit(&d.Uptimes[i].Controller)
	}
	for i := range d.States.active {
		visit((*string)(&d.States.active[i]))
	}
	for i := range d.Inlets {
		p := &d.Inlets[i]
		all(&p.ID, &p.Name, &p.Plug, &p.Phase, &p.LineConfiguration)
		lines(p.Lines)
		for j := range p.ATS {
			visit(&p.ATS[j].ID)
		}
	}
	for i := range d.Bypasses {
		p := &d.Bypasses[i]
		all(&p.ID, &p.Name)
		lines(p.Lines)
	}
	for i := range d.Outputs {
		p := &d.Outputs[i]
		all(&p.ID, &p.Name)
		lines(p.Lines)
	}
	for i := range d.Circuits {
		p := &d.Circuits[i]
		all(&p.ID, &p.Name, &p.Inlet, &p.Wiring, &p.Firmware, &p.Hardware)
		lines(p.Lines)
	}
	for i := range d.Outlets {
		p := &d.Outlets[i]
		all(&p.ID, &p.Name, &p.Circuit, &p.Receptacle, &p.PowerOnState)
	}
	for i := range d.Groups {
		p := &d.Groups[i]
		all(&p.ID, &p.Name)
		for j := range p.Outlets {
			visit(&p.Outlets[j])
		}
	}
	for i := range d.Batteries {
		p := &d.Batteries[i]
		all(&p.ID, &p.Name, &p.Kind, &p.Manufactured, &p.Replaced)
		for j := range p.Cells {
			visit(&p.Cells[j].ID)
		}
	}
	for i := range d.Sensors {
		p := &d.Sensors[i]
		all(&p.ID, &p.Name, &p.Kind, &p.Port)
		for j := range p.Inputs {
			all(&p.Inputs[j].ID, &p.Inputs[j].Name)
		}
		for j := range p.Relays {
			all(&p.Relays[j].ID, &p.Relays[j].Name)
		}
	}
	for i := range d.Events {
		all(&d.Events[i].Code, &d.Events[i].Event)
	}
	for i := range d.Alarms {
		all(&d.Alarms[i].ID, &d.Alarms[i].Name, &d.Alarms[i].Code)
	}
	for i := range d.Natives {
		all(&d.Natives[i].Point, &d.Natives[i].ID, &d.Natives[i].Name)
	}
}
