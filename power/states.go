package power

import (
	"iter"
	"slices"
)

// State is one word of what a UPS says of itself.
type State string

// The states every UPS is asked about: those of NUT's ups.status as its
// developer guide and RFC 9271 list them. A device may also report words
// beyond these; see [States].
const (
	StateOnLine         State = "on_line"         // fed by the mains
	StateOnBattery      State = "on_battery"      // feeding the load from its battery
	StateLowBattery     State = "low_battery"     // about to run out
	StateHighBattery    State = "high_battery"    // battery voltage too high
	StateReplaceBattery State = "replace_battery" // the battery is worn out
	StateCharging       State = "charging"        // filling its battery
	StateDischarging    State = "discharging"     // emptying its battery
	StateBypass         State = "bypass"          // load fed around the inverter: no protection
	StateCalibration    State = "calibration"     // measuring its runtime
	StateOff            State = "off"             // not feeding the load
	StateOverload       State = "overload"        // more load than it is made for
	StateTrim           State = "trim"            // lowering a high mains voltage
	StateBoost          State = "boost"           // raising a low mains voltage
	StateForcedShutdown State = "forced_shutdown" // about to be switched off by its server
	StateAlarm          State = "alarm"           // something needs attention
	StateTest           State = "test"            // testing itself
	StateComm           State = "comm"            // its server can talk to it
	StateNoComm         State = "nocomm"          // its server cannot talk to it
	StateTick           State = "tick"            // one half of a heartbeat
	StateTock           State = "tock"            // the other half
)

// known is every State above, in the order in which they are exported.
var known = [...]State{
	StateOnLine, StateOnBattery, StateLowBattery, StateHighBattery, StateReplaceBattery,
	StateCharging, StateDischarging, StateBypass, StateCalibration, StateOff, StateOverload,
	StateTrim, StateBoost, StateForcedShutdown, StateAlarm, StateTest, StateComm, StateNoComm,
	StateTick, StateTock,
}

// States is the set of states a UPS is in. The zero States means that the
// device does not report any, which is not the same as reporting that none
// holds.
type States struct {
	reported bool
	active   []State
}

// StatesOf is the set of the given states, known or not; none at all is the
// report of a UPS that is in no state.
func StatesOf(active ...State) States {
	return States{reported: true, active: active}
}

// Reported says whether the device reports its state at all.
func (s States) Reported() bool { return s.reported }

// All yields every known state, whether it holds or not, and then the unknown
// ones that hold, each once. It yields nothing when no state is reported.
func (s States) All() iter.Seq2[State, bool] {
	return func(yield func(State, bool) bool) {
		if !s.reported {
			return
		}
		for _, state := range known {
			if !yield(state, slices.Contains(s.active, state)) {
				return
			}
		}
		for i, state := range s.active {
			if slices.Contains(known[:], state) || slices.Contains(s.active[:i], state) {
				continue
			}
			if !yield(state, true) {
				return
			}
		}
	}
}
