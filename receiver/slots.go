package receiver

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// floodRate is what one device may push. One that could not send for a while
// has many event records to send at once.
var floodRate = rate{burst: 100, each: time.Second}

// fullTime is when a new device may try again that was one too many. Somebody
// has to do something first.
const fullTime = 5 * time.Minute

// enter returns the slot of a key, and makes one if there is none. Nobody else
// changes the device until leave.
func (s *Store) enter(key Key, now time.Time) (*slot, error) {
	if err := s.allow(key, now); err != nil {
		return nil, err
	}
	for {
		sl, err := s.slot(key, now)
		if err != nil {
			return nil, err
		}
		sl.mu.Lock()
		if !sl.gone {
			return sl, nil
		}
		sl.mu.Unlock()
	}
}

// leave ends what enter began. A slot that was made for nothing goes.
func (s *Store) leave(sl *slot) {
	defer sl.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !sl.known() {
		s.remove(sl)
	}
}

// allow refuses what a device pushes too often.
func (s *Store) allow(key Key, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl := s.slots[key]
	if sl == nil {
		return nil
	}
	if wait, ok := sl.flood.take(now, floodRate); !ok {
		return &TooManyError{What: fmt.Sprintf("device %q pushes too often", sl.id), RetryAfter: wait}
	}
	return nil
}

// slot is the slot of a key, new if there is none.
func (s *Store) slot(key Key, now time.Time) (*slot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sl := s.slots[key]; sl != nil {
		return sl, nil
	}
	kind, configured := s.kinds[key.Kind]
	if !configured {
		return nil, fmt.Errorf("a push for the receiver %q, which is not configured", key.Kind)
	}
	use := s.use(key)
	switch {
	case use.devices >= kind.MaxDevices:
		s.warn(key, use, kind.MaxDevices)
		return nil, &TooManyError{What: fmt.Sprintf("there are %d devices of this sender already", use.devices), RetryAfter: fullTime}
	case len(s.slots) >= s.options.TotalDevices:
		s.warn(key, use, s.options.TotalDevices)
		return nil, &TooManyError{What: fmt.Sprintf("there are %d devices already", len(s.slots)), RetryAfter: fullTime}
	}
	sl := &slot{key: key}
	s.insert(sl, key.Device)
	sl.flood.take(now, floodRate)
	return sl, nil
}

// warn says once, until there is room again, that a sender's devices are
// refused. Guarded by mu.
func (s *Store) warn(key Key, use *senderUse, limit int) {
	if !use.warned {
		use.warned = true
		s.logger.Warn("new devices of a sender are refused, there are too many", "receiver", key.Kind, "sender", key.Sender, "limit", limit,
			"devices", use.devices, "all", len(s.slots))
	}
}

// use is how much of the store the sender of a key takes. Guarded by mu.
func (s *Store) use(key Key) *senderUse {
	who := sender{kind: key.Kind, name: key.Sender}
	if s.senders[who] == nil {
		s.senders[who] = &senderUse{}
	}
	return s.senders[who]
}

// insert gives a slot an id that no other has, the wanted one if it is free, and
// puts it in its place. Guarded by mu.
func (s *Store) insert(sl *slot, wanted string) {
	sl.id = wanted
	for n := 2; s.ids[sl.id] != nil; n++ {
		sl.id = wanted + "#" + strconv.Itoa(n)
	}
	s.ids[sl.id] = sl
	s.slots[sl.key] = sl
	sl.place = len(s.list)
	s.list = append(s.list, sl)
	s.use(sl.key).devices++
}

// remove forgets a slot in memory. Guarded by mu and the slot's own mu.
func (s *Store) remove(sl *slot) {
	sl.gone = true
	delete(s.ids, sl.id)
	delete(s.slots, sl.key)
	last := len(s.list) - 1
	s.list[sl.place], s.list[last].place = s.list[last], sl.place
	s.list = slices.Delete(s.list, last, last+1)
	use := s.use(sl.key)
	use.devices--
	use.warned = false
	if use.devices == 0 {
		delete(s.senders, sender{kind: sl.key.Kind, name: sl.key.Sender})
	}
	if sl.known() {
		s.known--
	}
}
