package powersentrix

import "power_exporter/internal/lenient"

// Ident is who a UPS is and how its two controllers are: the body of setNewUps,
// the answer to fn=1, and config.ident of the [Payload].
type Ident struct {
	Serial       lenient.Text `json:"sn"`
	Type         lenient.Text `json:"type"`         // model, such as PWX-12-4422
	ComFirmware  lenient.Text `json:"comFirmware"`  // of the communication module
	MainFirmware lenient.Text `json:"mainFirmware"` // of the main controller
	ComUptime    lenient.Text `json:"comUptime"`    // such as 2d 14h 33m
	MainUptime   lenient.Text `json:"mainUptime"`   // such as 5d 02h 11m
	CPULoad      Number       `json:"cpuLoad"`      // percent
	TotalRAM     Number       `json:"totalRamSize"` // bytes
	FreeRAM      Number       `json:"freeRamSize"`  // bytes
}

// Payload is all that a UPS reports: the body of setUpsData, the answer to
// fn=2, and the portal's complex object.
type Payload struct {
	Config  Config  `json:"config"`
	UPSData UPSData `json:"upsData"`
}

// Config is what is configured in a UPS, and who it is.
type Config struct {
	Settings     Settings           `json:"settings"`
	Outputs      Slots[Output]      `json:"outputs"`
	ExtraActions Slots[ExtraAction] `json:"extraActions"`
	Ident        Ident              `json:"ident"`
}

// Settings are the settings that say something of the UPS as power equipment.
// Those of its network, and the companyId beside the UPSID, are not read.
type Settings struct {
	ForcePowerFromBatteries Number       `json:"forcePowerFromBatteries"`
	RemoteServer            RemoteServer `json:"remoteServer"`
}

// RemoteServer is where the UPS pushes to, and under which name.
type RemoteServer struct {
	UPSID lenient.Text `json:"upsId"` // the cmm of its pushes
}

// Output is the configuration of one DC output.
type Output struct {
	ID          lenient.Text `json:"id"`          // 0 to 11
	Description lenient.Text `json:"description"` // what its owner calls it
	Status      lenient.Text `json:"status"`      // ON or OFF
	Voltage     Number       `json:"voltage"`     // 10 mV
}

// ExtraAction is what the UPS does when one of its two inputs changes.
type ExtraAction struct {
	ID         lenient.Text `json:"id"`         // slot, 0 to 3
	Event      Number       `json:"event"`      // 0 none, 1 IN1 rises, 2 IN1 falls, 3 IN2 rises, 4 IN2 falls
	BaseStatus Number       `json:"baseStatus"` // index of the output, 0 to 11
	Action     Number       `json:"action"`     // 0 switches the output off, 1 on
}

// UPSData is what a UPS measures. The lists of outputs are in the order of
// their ids, from 0.
type UPSData struct {
	Voltages    Slots[Number]       `json:"voltages"` // 10 mV
	Currents    Slots[Number]       `json:"currents"` // see CurrentUnit
	Outputs     Slots[lenient.Text] `json:"outputs"`  // 1 is on, 0 is off
	Ventilation Number              `json:"ventilation"`
	Uptime      lenient.Text        `json:"uptime"` // such as 5d 02h 11m
	Temps       Temps               `json:"temps"`
	PS          Slots[PowerSupply]  `json:"ps"` // one or two
}

// Temps are the temperatures within a UPS.
type Temps struct {
	Board Number `json:"board"` // degrees Celsius
	MCU   Number `json:"mcu"`   // degrees Celsius
}

// PowerSupply is one power supply of a UPS with its battery.
type PowerSupply struct {
	Main   Number        `json:"main"` // input from the mains, 10 mV
	Load   Number        `json:"load"` // the 48 V bus, 10 mV
	Batt   Number        `json:"batt"` // the battery as a whole, 10 mV
	BUV    Number        `json:"buv"`  // undervoltage protection of the battery, 10 mV
	Cell   Slots[Number] `json:"cell"` // the cells of the battery, 10 mV each
	Status SupplyStatus  `json:"status"`
}

// SupplyStatus are bits of a power supply to which the document gives no
// meaning.
type SupplyStatus struct {
	H StatusBits `json:"h"`
	L StatusBits `json:"l"`
}

// StatusBits are bits to which the document gives no meaning.
type StatusBits struct {
	HB Slots[Number] `json:"hb"`
	LB Slots[Number] `json:"lb"`
}
