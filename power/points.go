package power

// Inlet is where power enters a device: a PDU's plug, a UPS's mains input.
type Inlet struct {
	ID   string // the device's own number or name for it; "1" where it has only one
	Name string // what its owner calls it
	Electrical
	Lines []Line

	Plug              string // plug type, such as "IEC 60309 32A"
	Phase             string // "single", "three" or the device's own word
	LineConfiguration string // "wye", "delta" or the device's own word

	Balance Value // ratio, how evenly a three-phase inlet is loaded
	ATS     []ATSInlet
}

// ATSInlet is one of the sources between which an automatic transfer switch
// chooses.
type ATSInlet struct {
	ID     string
	Active Value // 1 when the load is fed from this source
	Ready  Value // 1 when the load could be fed from this source
}

// Circuit is a part of a device with readings of its own behind an inlet: a
// PDU's bank or branch, a UPS's outlet group, a meter's load.
type Circuit struct {
	ID   string
	Name string
	Electrical
	Lines []Line

	Inlet    string // id of the inlet that feeds it
	Wiring   string // the lines it hangs on, such as "L1-L2"
	Firmware string
	Hardware string

	BreakerClosed Value // 1 when its breaker is closed
	ReadingAge    Value // seconds since its newest reading was taken, where the device tells
}

// Output is what a UPS or power supply gives as a whole.
type Output struct {
	ID   string
	Name string
	Electrical
	Lines []Line
}

// Bypass is the path around a UPS's inverter.
type Bypass struct {
	ID   string
	Name string
	Electrical
	Lines []Line
}

// Outlet is one socket or terminal to which a consumer is connected.
type Outlet struct {
	ID   string
	Name string
	Electrical

	Circuit      string // id of the circuit that feeds it
	Receptacle   string // socket type, such as "C13"
	PowerOnState string // what it does when the device is powered up

	On             Value // 1 when switched on
	Enabled        Value // 1 when the device's owner has put it in use
	RelayHealthy   Value // 1 when its relay obeys
	VoltagePresent Value // 1 when there is voltage behind the relay
	RebootPending  Value // 1 when a power cycle is under way or scheduled
}

// OutletGroup is a named set of outlets. What a group consumes as a whole is a
// [Circuit] where the device measures it.
type OutletGroup struct {
	ID      string
	Name    string
	Outlets []string // ids
}
