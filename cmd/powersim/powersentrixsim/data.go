package powersentrixsim

// Data is everything that a UPS says of itself: the body of setUpsData, the
// answer to fn=2, and the portal's UpsComplexObject, with its members in the
// document's order. What is nil or "" is left out, so that a missing reading
// and a zero are two things.
//
// Voltages count 10 mV. Currents count 1 mA, or 10 mA in a model that says so.
// Temperatures are whole degrees Celsius.
type Data struct {
	Config  *Config  `json:"config,omitzero"`
	UPSData *UPSData `json:"upsData,omitzero"`
}

// Config is what somebody has set up, and what the UPS is.
type Config struct {
	Settings     *Settings     `json:"settings,omitzero"`
	Outputs      []Output      `json:"outputs,omitzero"`
	ExtraActions []ExtraAction `json:"extraActions,omitzero"`
	Ident        *Ident        `json:"ident,omitzero"`
}

// Settings are those of the network and of the clock.
type Settings struct {
	DHCP                    *int          `json:"dhcp,omitzero"`
	IP                      string        `json:"ip,omitzero"`
	Netmask                 string        `json:"netmask,omitzero"`
	Gateway                 string        `json:"gateway,omitzero"`
	DNS                     string        `json:"dns,omitzero"`
	NTPServer               string        `json:"ntpServer,omitzero"`
	Timezone                string        `json:"timezone,omitzero"` // POSIX TZ
	ForcePowerFromBatteries *int          `json:"forcePowerFromBatteries,omitzero"`
	RemoteServer            *RemoteServer `json:"remoteServer,omitzero"`
}

// RemoteServer is where a UPS pushes to. CompanyID is a secret that the UPS
// tells whoever may read it.
type RemoteServer struct {
	ServerURL string `json:"serverUrl"`
	CompanyID string `json:"companyId"`
	UPSID     string `json:"upsId"`
}

// Output is the setting of one of the DC outputs, 0 to 11.
type Output struct {
	ID          int    `json:"id"`
	Description string `json:"description"`
	Status      string `json:"status"` // "ON" or "OFF"
	Voltage     int    `json:"voltage"`
}

// ExtraAction switches an output when an input of the UPS changes.
type ExtraAction struct {
	ID         string `json:"id"`         // "0" to "3"
	Event      int    `json:"event"`      // 0 none, 1 IN1 rises, 2 IN1 falls, 3 IN2 rises, 4 IN2 falls
	BaseStatus int    `json:"baseStatus"` // the output
	Action     int    `json:"action"`     // 0 off, 1 on
}

// Ident is what the UPS is: the body of setNewUps, and the answer to fn=1.
type Ident struct {
	SN           string  `json:"sn,omitzero"`
	Type         string  `json:"type,omitzero"`
	ComFirmware  string  `json:"comFirmware,omitzero"`
	MainFirmware string  `json:"mainFirmware,omitzero"`
	ComUptime    string  `json:"comUptime,omitzero"`
	MainUptime   string  `json:"mainUptime,omitzero"`
	CPULoad      *int    `json:"cpuLoad,omitzero"`      // percent
	TotalRAMSize *int    `json:"totalRamSize,omitzero"` // bytes
	FreeRAMSize  *int    `json:"freeRamSize,omitzero"`  // bytes
	Info         *string `json:"info,omitzero"`
}

// UPSData are the readings. The elements of Voltages, Currents and Outputs are
// those of the DC outputs.
type UPSData struct {
	Voltages    []int         `json:"voltages,omitzero"`
	Currents    []int         `json:"currents,omitzero"`
	Outputs     []int         `json:"outputs,omitzero"` // 1 on, 0 off
	Ventilation *int          `json:"ventilation,omitzero"`
	Uptime      string        `json:"uptime,omitzero"` // "5d 02h 11m"
	Temps       *Temps        `json:"temps,omitzero"`
	PS          []PowerSupply `json:"ps,omitzero"`
}

// Temps are temperatures.
type Temps struct {
	Board *int `json:"board,omitzero"`
	MCU   *int `json:"mcu,omitzero"`
}

// PowerSupply is one of the power supplies, with its battery: the voltages of
// the mains side, of the bus, of the battery, of the battery's protection
// against too low a voltage, and of the battery's cells.
type PowerSupply struct {
	Main   *int    `json:"main,omitzero"`
	Load   *int    `json:"load,omitzero"`
	Batt   *int    `json:"batt,omitzero"`
	BUV    *int    `json:"buv,omitzero"`
	Cell   []int   `json:"cell,omitzero"`
	Status *Status `json:"status,omitzero"`
}

// Status are bits whose meaning the document does not give.
type Status struct {
	H Bits `json:"h"`
	L Bits `json:"l"`
}

// Bits are some of Status.
type Bits struct {
	HB []int `json:"hb"`
	LB []int `json:"lb"`
}
