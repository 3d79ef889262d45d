package emssim

// entry is what lists hold.
type entry interface{ id() int }

// Device is a meter or another source of readings, as GET /v1/devices tells it.
type Device struct {
	UID        int    `json:"uid"`
	Label      string `json:"label"`
	PartNumber string `json:"partNumber"`
	System     string `json:"system"`
}

// Load is one measured channel of a device, as GET /v1/loads tells it. It has
// one of the blocks, the one that its protocol is named by.
type Load struct {
	UID      int       `json:"uid"`
	Label    string    `json:"label"`
	Enable   bool      `json:"enable"`
	Index    int       `json:"index"`
	Type     int       `json:"type"`
	DID      int       `json:"did"` // the device
	MeterBus *MeterBus `json:"meterBus,omitempty"`
	TCP      *Block    `json:"tcp,omitempty"`
	RTU      *Block    `json:"rtu,omitempty"`
	Virtual  *Block    `json:"virtual,omitempty"`
	P1       *Block    `json:"P1,omitempty"`
}

// MeterBus is the block of a load on the meter bus, with the members that the
// document's sample has. It says the meaning of none.
type MeterBus struct {
	Main                  bool `json:"main"`
	System                int  `json:"system"`
	CT                    int  `json:"ct"`
	CurrentDirections     int  `json:"currentDirections"`
	DigitalInputMode      int  `json:"digitalInputMode"`
	DigitalOutputMode     int  `json:"digitalOutputMode"`
	DigitalOutputModeNcNo int  `json:"digitalOutputModeNcNo"`
	MeasureType           int  `json:"measureType"`
	StartUpCurrentRH      int  `json:"startUpCurrentRH"`
}

// Block is the block of a load of another protocol. The document names these
// blocks and shows none: the members are assumed, those of MeterBus that have
// nothing to do with the bus.
type Block struct {
	Main   bool `json:"main"`
	System int  `json:"system"`
}

// Signal is one quantity of a load, as GET /v1/signals tells it.
type Signal struct {
	UID    int  `json:"uid"`
	SI     int  `json:"si"`  // what is measured; see Quantities
	SIR    int  `json:"sir"` // not documented; the same in the samples
	Enable bool `json:"enable"`
	LID    int  `json:"lid"` // the load
	DID    int  `json:"did"` // the load's device
}

// Value is the reading of a signal, as GET /v1/realtime tells it. Its uid is the
// signal's.
type Value struct {
	UID int      `json:"uid"`
	SI  int      `json:"si"`
	V   *float64 `json:"v"` // nil is null
	T   int64    `json:"t"` // ms since 1970
	R   int      `json:"r"` // not documented
	S   int      `json:"s"` // not documented
}

func (d Device) id() int { return d.UID }
func (l Load) id() int   { return l.UID }
func (s Signal) id() int { return s.UID }
func (v Value) id() int  { return v.UID }

// protocol is the name of the block that a load has.
func (l *Load) protocol() string {
	switch {
	case l.MeterBus != nil:
		return "meterBus"
	case l.TCP != nil:
		return "tcp"
	case l.RTU != nil:
		return "rtu"
	case l.Virtual != nil:
		return "virtual"
	case l.P1 != nil:
		return "P1"
	}
	return ""
}
