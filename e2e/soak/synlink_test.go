package soak

import (
	"fmt"
	"math/rand/v2"

	"power_exporter/cmd/powersim/synlinksim"
)

// newSynLink makes a SynLink PDU.
func newSynLink(s *site, i int, module, auth string, secure bool) *device {
	models := []string{"rack36", "single8", "ats", "delta", "dual", "iohub", "metered", "switched", "tripped", "wye"}
	options := synlinksim.Options{
		Users:     []synlinksim.User{{Name: "soak", Password: s.secret, Tokens: []string{s.secret}}},
		BasicAuth: auth == "basic",
		Quirks:    synlinksim.Quirks{StringNumbers: i%3 == 0},
	}
	if secure {
		options.Certificate = s.certificate
	}
	pdu := synlinksim.New(options, synlinksim.MustRecorded(models[i%len(models)]))
	s.live(synlinksim.NewLive(pdu, uint64(i)).Run)
	d := &device{name: fmt.Sprintf("pdu-%d", i)}
	d.line = fmt.Sprintf("{name: %s, address: %q, module: %s, auth: %s}", d.name, pdu.URL(s.serve(pdu, nil)), module, auth)
	troubles := []func(*rand.Rand) func(){
		s.webTrouble(pdu.SetFault, "/api/device", "/api/inlets", "/api/banks", "/api/outlets", "/api/groups", "/api/sensors", "/api/events", "/api/conf", "/api/diagnostics"),
	}
	if auth == "user" {
		troubles = append(troubles, s.webTrouble(pdu.SetFault, "/login", "/api/login"), moment(pdu.ExpireSessions))
	}
	if module == "synlink_stream" {
		troubles = append(troubles, s.webTrouble(pdu.SetFault, "/ws"), moment(pdu.DropStreams), streamTrouble(s, pdu))
	}
	d.trouble = oneOf(troubles...)
	d.acted = func() []string {
		if writes := pdu.Stats().Writes; len(writes) > 0 {
			return []string{fmt.Sprint(writes)}
		}
		return nil
	}
	return d
}

// streamTrouble lets the stream of a PDU misbehave.
func streamTrouble(s *site, pdu *synlinksim.PDU) func(*rand.Rand) func() {
	return func(r *rand.Rand) func() {
		faults := []synlinksim.StreamFault{
			{Stall: true},
			{Flood: 20},
			{Garbage: []byte(`{"` + s.secret)},
			{Size: 1 << 20},
			{Size: 16 << 20},
			{Binary: true},
		}
		pdu.SetStreamFault(faults[r.IntN(len(faults))])
		return func() { pdu.SetStreamFault(synlinksim.StreamFault{}) }
	}
}
