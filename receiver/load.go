package receiver

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"
)

// load makes a slot of each record. Most of the time goes into mapping, which
// all processors share.
func (s *Store) load() error {
	records := make(chan write, 64)
	failures := make(chan error, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for range cap(failures) {
		wait.Go(func() {
			var failure error
			for r := range records {
				if failure == nil {
					failure = s.adopt(r)
				}
			}
			failures <- failure
		})
	}
	err := s.storage.each(func(key, record []byte) error {
		records <- write{key: bytes.Clone(key), record: bytes.Clone(record)}
		return nil
	})
	close(records)
	wait.Wait()
	close(failures)
	for failure := range failures {
		if failure != nil {
			return errors.Join(err, damage(failure))
		}
	}
	return err
}

// adopt makes a slot of a record.
func (s *Store) adopt(r write) error {
	key, err := parseKey(r.key)
	if err != nil {
		return err
	}
	id, e, err := decodeRecord(r.record)
	if err != nil {
		return fmt.Errorf("device %q: %w", key.Device, err)
	}
	// A time to come is that of a clock which was wrong then. Taken as it is,
	// the device would be fresh until then.
	now := time.Now()
	e.Received, e.Measured = earlier(e.Received, now), earlier(e.Measured, now)
	sl := &slot{key: key, known: true}
	sl.view.received, sl.view.measured = e.Received, e.Measured
	s.mu.Lock()
	s.insert(sl, id)
	s.known++
	kind, configured := s.kinds[key.Kind]
	s.mu.Unlock()
	if configured {
		s.publish(sl, s.mapped(sl, kind, e))
	}
	return nil
}

// earlier is the earlier of two moments.
func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}

// mapped is the view of a device that was stored before.
func (s *Store) mapped(sl *slot, kind Kind, e *Entry) view {
	v, _, err := kind.view(sl.id, e)
	if err != nil {
		s.logger.Warn("the stored state of a device cannot be used, the device is down until it pushes again", "receiver", sl.key.Kind, "device", sl.id, "err", err)
	}
	return v
}

// setKinds sets the receivers there are.
func (s *Store) setKinds(kinds map[string]Kind) {
	complete := make(map[string]Kind, len(kinds))
	for name, kind := range kinds {
		complete[name] = kind.withDefaults()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kinds = complete
}

// Configure sets the receivers there are, by name, and maps all devices again.
// Devices of a receiver that is not there are not shown, and forgotten in time.
func (s *Store) Configure(kinds map[string]Kind) {
	s.setKinds(kinds)
	s.mu.RLock()
	slots := slices.Collect(maps.Values(s.slots))
	s.mu.RUnlock()

	var wait sync.WaitGroup
	for part := range slices.Chunk(slots, len(slots)/runtime.GOMAXPROCS(0)+1) {
		wait.Go(func() {
			for _, sl := range part {
				s.remap(sl)
			}
		})
	}
	wait.Wait()
}

// remap maps one device again.
func (s *Store) remap(sl *slot) {
	sl.mu.Lock()
	defer sl.mu.Unlock()
	kind, before := s.look(sl)
	if sl.gone || kind.Map == nil {
		return
	}
	record, err := s.storage.read(sl.key.bytes())
	var e *Entry
	if err == nil {
		_, e, err = decodeRecord(record)
	}
	if err != nil {
		s.logger.Warn("a device stays as it was mapped before", "receiver", sl.key.Kind, "device", sl.id, "err", err)
		return
	}
	e.Received, e.Measured = before.received, before.measured
	s.publish(sl, s.mapped(sl, kind, e))
}
