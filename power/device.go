package power

// Kind says what sort of equipment a device is.
type Kind string

// The kinds of device.
const (
	KindPDU     Kind = "pdu"     // power distribution unit
	KindUPS     Kind = "ups"     // uninterruptible power supply
	KindATS     Kind = "ats"     // automatic transfer switch
	KindMeter   Kind = "meter"   // energy meter
	KindGateway Kind = "gateway" // collects the readings of other devices
)

// Device is one reading of one piece of power equipment. It is plain data and
// is never modified once it has been handed over.
type Device struct {
	// ID is what tells this device from the others behind its target, for as
	// long as it lives: serial number, MAC address, UPS name.
	ID string

	Vendor   string
	Model    string
	Serial   string
	Firmware string
	Hardware string
	Kind     Kind
	Name     string // what its owner calls it
	Location string // where its owner says it is

	// Up says that the device itself answered, that its cloud says it is
	// online, or that its last push is fresh. A device that is not up has an
	// identity and no readings.
	Up       bool
	LastSeen Value // seconds since the epoch, where somebody else did the seeing

	// ReadingAge is how long ago the readings were taken, in seconds, where
	// that was not when they were asked for.
	ReadingAge Value
	// Streamed is 1 when the readings are the newest the device has streamed,
	// and 0 when its stream is wanted but silent, so that they were fetched.
	Streamed Value

	Uptimes     []Uptime
	CPULoad     Value // ratio
	MemoryTotal Value // bytes
	MemoryFree  Value // bytes

	LifetimeEnergy Value // joules, a counter that is never reset
	Energy         Value // joules, a counter for the whole device where no inlet has one of its own

	SurgeProtectionActive Value // 1 when it protects
	PairingNeeded         Value // 1 when its owner has to pair it
	ActiveOutlets         Value // outlets with a load
	EnabledOutlets        Value // outlets in use

	States    States
	Inlets    []Inlet
	Bypasses  []Bypass
	Outputs   []Output
	Circuits  []Circuit
	Outlets   []Outlet
	Groups    []OutletGroup
	Batteries []Battery
	Sensors   []Sensor
	Events    []Event
	Alarms    []Alarm
	Natives   []NativeReading
}

// Down is the device when it cannot be read: who it is, and nothing else.
func (d *Device) Down() Device {
	return Device{
		ID:       d.ID,
		Vendor:   d.Vendor,
		Model:    d.Model,
		Serial:   d.Serial,
		Firmware: d.Firmware,
		Hardware: d.Hardware,
		Kind:     d.Kind,
		Name:     d.Name,
		Location: d.Location,
	}
}

// AllDown is devices when they cannot be read, in their order.
func AllDown(devices []Device) []Device {
	down := make([]Device, len(devices))
	for i := range devices {
		down[i] = devices[i].Down()
	}
	return down
}

// Uptime is the time since one controller of a device was started.
type Uptime struct {
	Controller string // "" for a device with only one
	Uptime     Value  // seconds
}
