package nutsim

import (
	"fmt"
	"slices"
	"strings"
)

// Add offers one more UPS, or replaces the one of that name in its place. The
// server keeps a copy.
func (s *Server) Add(u UPS) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, key := newUnit(u), strings.ToLower(u.Name)
	if old, ok := s.units[key]; ok {
		s.order[slices.Index(s.order, old)] = n
	} else {
		s.order = append(s.order, n)
	}
	s.units[key] = n
}

// Remove takes a UPS away and says whether there was one of that name.
func (s *Server) Remove(ups string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.ToLower(ups)
	n, ok := s.units[key]
	if ok {
		delete(s.units, key)
		i := slices.Index(s.order, n)
		s.order = slices.Delete(s.order, i, i+1)
	}
	return ok
}

// SetVariable gives a variable of a UPS a value, and makes the variable where
// there is none. The error is about an unknown UPS.
func (s *Server) SetVariable(ups, name, value string) error {
	return s.change(ups, func(n *unit) { n.set(name, value) })
}

// DeleteVariable takes a variable away from a UPS. The error is about an
// unknown UPS.
func (s *Server) DeleteVariable(ups, name string) error {
	return s.change(ups, func(n *unit) { n.remove(name) })
}

// SetState says how a UPS stands with its driver from now on. The error is
// about an unknown UPS.
func (s *Server) SetState(ups string, state State) error {
	return s.change(ups, func(n *unit) { n.state = state })
}

// UPS is a copy of a UPS as it stands now.
func (s *Server) UPS(name string) (ups UPS, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, ok := s.units[strings.ToLower(name)]
	if !ok {
		return UPS{}, false
	}
	return n.ups(), true
}

// Variable is the value of a UPS's variable, whatever the UPS's state.
func (s *Server) Variable(ups, name string) (value string, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, ok := s.units[strings.ToLower(ups)]
	if !ok {
		return "", false
	}
	v, ok := n.variables[strings.ToLower(name)]
	return v.value, ok
}

// Names lists the UPSes in the order in which they were added.
func (s *Server) Names() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	names := make([]string, 0, len(s.order))
	for _, n := range s.order {
		names = append(names, n.name)
	}
	return names
}

// change applies edit to one UPS while nobody reads it.
func (s *Server) change(ups string, edit func(*unit)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.units[strings.ToLower(ups)]
	if !ok {
		return fmt.Errorf("no UPS %q", ups)
	}
	edit(n)
	return nil
}
