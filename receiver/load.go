package receiver

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

// load makes a slot of each record. Most of the time goes into mapping, which
// all processors share.
func (s *Store) load() error {
	now := time.Now()
	records := make(chan write, 64)
	failures := make(chan error, runtime.GOMAXPROCS(0))
	var early early
	var wait sync.WaitGroup
	for range cap(failures) {
		wait.Go(func() {
			var failure error
			for r := range records {
				if failure == nil {
					failure = s.adopt(r, now, &early)
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
	if err == nil && len(early.keys) > 0 {
		s.logger.Warn("devices were stored at times that have not come yet: the clock was wrong then, or is now", "devices", len(early.keys))
		err = s.storeTimes(early.keys, now)
	}
	return err
}

// early is records of times that have not come yet.
type early struct {
	mu   sync.Mutex
	keys [][]byte
}

// storeTimes writes records with the times that they were loaded with, so that
// they are not as new again after the next start. Where the disk does not take
// that, they are.
func (s *Store) storeTimes(keys [][]byte, now time.Time) error {
	for part := range slices.Chunk(keys, 1000) {
		var batch []write
		for _, key := range part {
			record, err := s.storage.read(key)
			if err != nil {
				return err
			}
			id, e, err := decodeRecord(record)
			if err != nil {
				return damage(err)
			}
			e.notAfter(now)
			if record, err = encodeRecord(id, e); err != nil {
				return err
			}
			batch = append(batch, write{key: key, record: record})
		}
		if s.commit(batch) != nil {
			return nil // it was logged
		}
	}
	return nil
}

// adopt makes a slot of a record.
func (s *Store) adopt(r write, now time.Time, early *early) error {
	key, err := parseKey(r.key)
	if err != nil {
		return err
	}
	id, e, err := decodeRecord(r.record)
	if err != nil {
		return fmt.Errorf("device %q: %w", key.Device, err)
	}
	if e.notAfter(now) {
		early.mu.Lock()
		early.keys = append(early.keys, r.key)
		early.mu.Unlock()
	}
	sl := &slot{key: key}
	sl.view.Store(&view{received: e.Received, measured: e.Measured})
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

// mapped is the view of a device that was stored before.
func (s *Store) mapped(sl *slot, kind Kind, e *Entry) *view {
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
	slots, _ := s.all()
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
	kind := s.kind(sl)
	if sl.gone || !sl.known() || kind.Map == nil {
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
	e.settle(sl.view.Load(), time.Now())
	s.publish(sl, s.mapped(sl, kind, e))
}
