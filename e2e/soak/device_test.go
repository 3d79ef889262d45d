package soak

import (
	"math/rand/v2"
	"sync"
)

// role is what happens to a target under load.
type role string

const (
	steady   role = "steady"   // nothing: each of its probes must succeed
	troubled role = "troubled" // it misbehaves now and then
	coming   role = "coming"   // it misbehaves, and is not in every configuration
)

// roles are given to targets in turn.
var roles = [...]role{steady, troubled, steady, troubled, troubled, coming, steady, troubled, troubled, troubled}

// device is a target of the load.
type device struct {
	name, kind string
	line       string // in the list of targets of a configuration
	role       role
	// trouble makes it misbehave until end is called.
	trouble func(*rand.Rand) (end func())
	// acted is what it was asked that a reader never asks.
	acted func() []string
	// alone says that only the load's scrapes ask for it. Across a reload two
	// who ask may be answered with the newer reading first.
	alone bool

	probing  sync.Mutex         // held by who probes it for the load, and guards the rest
	energies map[string]float64 // of the last probe
}

// mix is the kinds of so many targets in a random order, each at least once if
// there is room.
func mix(r *rand.Rand, size int) []string {
	weights := []struct {
		kind  string
		count int
	}{
		{"nut", 8},
		{"nut login", 3},
		{"nut starttls", 3},
		{"synlink token", 5},
		{"synlink session", 4},
		{"synlink basic", 3},
		{"synlink https", 2},
		{"synlink stream", 6},
		{"ems", 5},
		{"cloudtrax", 3},
		{"powersentrix direct", 5},
		{"powersentrix portal", 2},
		{"powerpulse", 3},
		{"powerpulse kiosk", 2},
	}
	var all []string
	for len(all) < size {
		for _, w := range weights {
			for range w.count {
				all = append(all, w.kind)
			}
		}
	}
	all = all[:size]
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// makers make a device of each kind; the number is another one for each device.
func makers() map[string]func(s *site, i int) *device {
	return map[string]func(*site, int) *device{
		"nut":                 func(s *site, i int) *device { return newNUT(s, i, "nut", "") },
		"nut login":           func(s *site, i int) *device { return newNUT(s, i, "nut", "user") },
		"nut starttls":        func(s *site, i int) *device { return newNUT(s, i, "nut_tls", "user") },
		"synlink token":       func(s *site, i int) *device { return newSynLink(s, i, "synlink", "token", false) },
		"synlink session":     func(s *site, i int) *device { return newSynLink(s, i, "synlink_all", "user", false) },
		"synlink basic":       func(s *site, i int) *device { return newSynLink(s, i, "synlink", "basic", false) },
		"synlink https":       func(s *site, i int) *device { return newSynLink(s, i, "synlink_all", "token", true) },
		"synlink stream":      func(s *site, i int) *device { return newSynLink(s, i, "synlink_stream", "user", i%2 == 0) },
		"ems":                 newEMS,
		"cloudtrax":           newCloudTrax,
		"powersentrix direct": newUPS,
		"powersentrix portal": newPortal,
		"powerpulse":          func(s *site, i int) *device { return newPowerPulse(s, i, "powerpulse", "user") },
		"powerpulse kiosk":    func(s *site, i int) *device { return newPowerPulse(s, i, "kiosk", "") },
	}
}
