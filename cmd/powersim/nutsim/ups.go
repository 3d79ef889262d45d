package nutsim

import "fmt"

// UPS is one device that the server offers.
type UPS struct {
	Name        string // the name in ups.conf; asked for in any case
	Description string // the desc= of ups.conf; empty is a UPS without one
	Variables   map[string]string
	Traits      map[string]Trait // what GET TYPE and the RW, ENUM and RANGE lists say, by variable
	Commands    []string         // the names in LIST CMD; none of them is ever run
	State       State
}

// State is how a UPS stands with its driver.
type State int

// The states that upsd tells apart.
const (
	StateOK           State = iota // the driver reports
	StateStale                     // the driver runs and has lost its device: ERR DATA-STALE
	StateDisconnected              // the driver does not run: ERR DRIVER-NOT-CONNECTED
)

// String is the state's name for logs.
func (s State) String() string {
	switch s {
	case StateOK:
		return "ok"
	case StateStale:
		return "stale"
	case StateDisconnected:
		return "disconnected"
	}
	return fmt.Sprintf("State(%d)", int(s))
}

// Trait is what a driver declares of a variable besides its value.
type Trait struct {
	Writable  bool
	MaxLength int         // of a string; 0 declares a number
	Enum      []string    // the values in LIST ENUM
	Ranges    [][2]string // the smallest and greatest values in LIST RANGE
}

// words is the trait as GET TYPE tells it, a blank before each word.
func (t Trait) words() string {
	words := ""
	if t.Writable {
		words = " RW"
	}
	switch {
	case len(t.Enum) > 0:
		return words + " ENUM"
	case len(t.Ranges) > 0:
		return words + " RANGE"
	case t.MaxLength > 0:
		return fmt.Sprintf("%s STRING:%d", words, t.MaxLength)
	default:
		return words + " NUMBER"
	}
}
