package nutsim

import (
	"slices"
	"sync"
)

// logins is who has sent LOGIN for which UPS.
type logins struct {
	mu    sync.Mutex
	hosts map[string][]string
}

// add notes a client of a UPS.
func (l *logins) add(ups, host string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hosts == nil {
		l.hosts = map[string][]string{}
	}
	l.hosts[ups] = append(l.hosts[ups], host)
}

// remove forgets one client of a UPS.
func (l *logins) remove(ups, host string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.hosts[ups], host); i >= 0 {
		l.hosts[ups] = slices.Delete(l.hosts[ups], i, i+1)
	}
}

// of lists the addresses of a UPS's clients.
func (l *logins) of(ups string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.hosts[ups])
}
