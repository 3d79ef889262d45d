package probe

import (
	"cmp"
	"slices"
	"strings"

	"power_exporter/power"
)

// Trouble is what is wrong with a device, by what was read of it at once; what
// takes a while to be wrong is for Prometheus' alerts.
type Trouble struct {
	Device string // its id, with its name if it has another one
	Reason string // in words, such as "on battery, low, 11 %, 74 s left"
	Urgent bool   // its load is about to lose power
}

// maxTroubles is of how many devices behind a target the trouble is kept.
const maxTroubles = 10

// keepTroubles notes the devices that are in trouble: how many there are, and
// what the most urgent of them have.
func (s *Summary) keepTroubles(devices []power.Device) {
	for i := range devices {
		t := troubleOf(&devices[i])
		if t.Reason == "" {
			continue
		}
		s.Troubled++
		if len(s.Troubles) < maxTroubles {
			s.Troubles = append(s.Troubles, t)
		} else if calm := slices.IndexFunc(s.Troubles, func(t Trouble) bool { return !t.Urgent }); t.Urgent && calm >= 0 {
			s.Troubles[calm] = t
		}
	}
	slices.SortStableFunc(s.Troubles, func(a, b Trouble) int {
		return cmp.Or(-compareBools(a.Urgent, b.Urgent), cmp.Compare(a.Device, b.Device))
	})
}

// Urgent reports whether the load of a device is about to lose power.
func (s *Summary) Urgent() bool { return len(s.Troubles) > 0 && s.Troubles[0].Urgent }

// compareBools puts false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// troubleOf is the trouble of a device, without a reason if there is none.
func troubleOf(d *power.Device) Trouble {
	// Nothing is kept that is a part of a whole answer.
	t := Trouble{Device: strings.Clone(d.ID)}
	if d.Name != "" && d.Name != d.ID {
		t.Device = strings.TrimSpace(d.ID + " (" + d.Name + ")")
	}
	if !d.Up {
		t.Reason = "down"
		return t
	}
	var r reasons
	r.states(d)
	r.batteries(d)
	r.points(d)
	r.alarms(d)
	t.Reason, t.Urgent = strings.Join(r.words, ", "), r.urgent
	return t
}
