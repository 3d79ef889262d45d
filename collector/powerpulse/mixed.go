package powerpulse

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"power_exporter/collector"
)

// calm is after how long without a mixed object the mixing is said to have
// ended. Which objects are mixed changes with each request.
const calm = time.Hour

// isMixed reports whether PowerPulse 1.10.0 has put variables of another UPS into
// an object, as it does where a NUT server has several: it makes both serial
// numbers, and both models, of one UPS's variables, and those of one UPS agree.
func (s *system) isMixed() bool {
	return differ(s.DeviceDetails["serial"], s.UPSDetails["serial"]) || differ(s.Model.String(), s.UPSDetails["model"])
}

// differ reports whether two texts are known and not the same.
func differ(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return isKnown(a) && isKnown(b) && a != b
}

// mixes remembers of which NUT servers PowerPulse mixes the UPSes.
type mixes struct {
	count func()
	last  map[string]time.Time // by NUT server, when it was last seen
}

func newMixes(count func()) mixes {
	if count == nil {
		count = func() {}
	}
	return mixes{count: count, last: map[string]time.Time{}}
}

// tell counts the mixed objects of a reading, and logs for each NUT server when
// the mixing begins and when it has ended.
func (m *mixes) tell(ctx context.Context, list []system) {
	now, log := time.Now(), collector.Logger(ctx)
	for i := range list {
		s := &list[i]
		if !s.isMixed() {
			continue
		}
		m.count()
		server := s.NUTServerID.String()
		if _, ok := m.last[server]; !ok {
			log.Warn("PowerPulse mixes the UPSes of a NUT server; while it does, they are down without readings; "+
				"the collector nut reads that server directly, and rightly", "nut_server", server, "ups", s.deviceID())
		}
		m.last[server] = now
	}
	for _, server := range slices.Sorted(maps.Keys(m.last)) {
		if now.Sub(m.last[server]) >= calm {
			delete(m.last, server)
			log.Info("PowerPulse has not mixed the UPSes of a NUT server for a while", "nut_server", server, "while", calm)
		}
	}
}
