package synlinksim

import (
	"bytes"
	"context"
	"slices"

	"github.com/coder/websocket"
)

// StreamFault is how streams misbehave. The zero StreamFault does not.
type StreamFault struct {
	// Stall sends no frames, and leaves the connection open.
	Stall bool
	// Flood is how many frames are sent where one is due.
	Flood int
	// Garbage is sent instead of a frame.
	Garbage []byte
	// Size is how many bytes a frame has at least: it is filled up with
	// spaces, so that it is still valid.
	Size int
	// Binary sends frames as binary messages.
	Binary bool
}

// SetStreamFault makes the streams misbehave from the next frame on; the zero
// StreamFault ends that.
func (p *PDU) SetStreamFault(fault StreamFault) {
	p.sockets.mu.Lock()
	defer p.sockets.mu.Unlock()
	p.sockets.fault = fault
}

// streamFault is how the streams misbehave now.
func (p *PDU) streamFault() StreamFault {
	p.sockets.mu.Lock()
	defer p.sockets.mu.Unlock()
	return p.sockets.fault
}

// frame sends what is due: a frame, unless a fault says otherwise.
func (s *socket) frame(ctx context.Context) {
	fault := s.pdu.streamFault()
	if fault.Stall {
		return
	}
	user := s.pdu.sessions.find(s.session)
	if user == nil {
		s.end(websocket.StatusPolicyViolation, "session expired")
		return
	}
	message := s.pdu.state(user)
	if fault.Garbage != nil {
		message = fault.Garbage
	}
	if missing := fault.Size - len(message); missing > 0 {
		message = slices.Concat(message, bytes.Repeat([]byte{' '}, missing))
	}
	kind := websocket.MessageText
	if fault.Binary {
		kind = websocket.MessageBinary
	}
	for range max(1, fault.Flood) {
		if !s.write(ctx, kind, message) {
			return
		}
	}
}

// write sends one message and counts it; a client that does not take it is
// cut off.
func (s *socket) write(ctx context.Context, kind websocket.MessageType, message []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, frameTimeout)
	defer cancel()
	if err := s.conn.Write(ctx, kind, message); err != nil {
		s.end(dropped, "")
		return false
	}
	s.pdu.counts.Add(func(st *Stats) {
		st.Frames++
		st.BytesOut += int64(len(message))
	})
	return true
}

// state is a frame of the stream: the parts that the user may see, with the
// members that the document's sample has, and those that its tables add for
// three phases, for transfer switches and for hubs.
func (p *PDU) state(user *User) []byte {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if recorded, ok := p.replies["stream"]; ok {
		return appendJSON(nil, "", recorded, p.options.Quirks.leaf())
	}
	frame := &object{}
	if device := objects(p.replies["device"]); len(device) > 0 {
		frame.set("device", device[0].pick("uptime", "time"))
	}
	for _, part := range []struct {
		name string
		keys []string
	}{
		{"banks", []string{
			"id", "currentRms", "voltageRms", "lineFrequency", "powerFactor", "activePower", "apparentPower",
			"hasCircuitBreakerProtection", "circuitBreakerClosed", "energyAccumulation",
		}},
		{"inlets", []string{
			"id", "inletCurrentRms", "inletVoltageRms", "inletLineFrequency", "inletPowerFactor", "inletActivePower",
			"inletApparentPower", "inletEnergyAccumulation", "threePhaseBalance", "inletLines",
			"atsInletId", "atsInletActive", "atsInletReady",
		}},
		{"outlets", []string{"id", "currentRms", "state", "voltageDetection", "relayHealth"}},
		{"sensors", []string{
			"sensorPort", "sensorName", "sensorTempInC", "sensorTempInF", "sensorHumidity", "sensorType",
			"outputRelays", "digitalInputs", "vdcOutputState", "userSwitchState",
		}},
	} {
		if !user.may(permissionFor(part.name)) {
			continue
		}
		list := []any{}
		for _, o := range objects(p.visible(part.name, user)) {
			list = append(list, o.pick(part.keys...))
		}
		if len(list) > 0 || part.name == "banks" || part.name == "inlets" {
			frame.set(part.name, list)
		}
	}
	return appendJSON(nil, "", frame, p.options.Quirks.leaf())
}
