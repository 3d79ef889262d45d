package receiver

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// sweepTime is how often to look for devices to forget.
const sweepTime = time.Minute

// queued is a write that somebody waits for.
type queued struct {
	write
	done chan<- error
}

// write hands a record to the committer and waits until it is on disk.
func (s *Store) write(w write) error {
	done := make(chan error, 1)
	select {
	case s.queue <- queued{write: w, done: done}:
		return <-done
	case <-s.stopped:
		return errClosed
	}
}

// run is the committer. It writes what came while it wrote the last time, all
// at once: one push alone does not wait for others, and many share a sync.
func (s *Store) run() {
	defer close(s.stopped)
	s.sweep()
	ticker := time.NewTicker(sweepTime)
	defer ticker.Stop()
	for {
		select {
		case first := <-s.queue:
			s.finish(s.gather(first))
		case <-ticker.C:
			s.sweep()
		case <-s.closing:
			return
		}
	}
}

// gather takes all who wait, without waiting for more.
func (s *Store) gather(first queued) []queued {
	batch := []queued{first}
	for {
		select {
		case q := <-s.queue:
			batch = append(batch, q)
		default:
			return batch
		}
	}
}

// finish writes a batch and tells all who wait.
func (s *Store) finish(batch []queued) {
	writes := make([]write, len(batch))
	for i, q := range batch {
		writes[i] = q.write
	}
	err := s.commit(writes)
	for _, q := range batch {
		q.done <- err
	}
}

// commit writes a batch.
func (s *Store) commit(batch []write) error {
	if err := guard(func() error { return s.storage.commit(batch) }); err != nil {
		return s.fail(err)
	}
	if s.failing.Swap(false) {
		s.logger.Info("pushes can be stored again")
	}
	return nil
}

// fail makes an ErrStorage of an error of the storage. It is logged once, until
// something could be stored again.
func (s *Store) fail(err error) error {
	if !errors.Is(err, os.ErrClosed) && !s.failing.Swap(true) {
		s.logger.Error("pushes cannot be stored, and are refused", "err", err)
	}
	return fmt.Errorf("%w: %w", ErrStorage, err)
}

// sweep forgets the devices that have not pushed for too long, on disk and in
// memory. One that pushes at this moment stays.
func (s *Store) sweep() {
	var old []*slot
	defer func() {
		for _, sl := range old {
			sl.mu.Unlock()
		}
	}()
	all, kinds := s.all()
	now := time.Now()
	for _, sl := range all {
		if !sl.mu.TryLock() {
			continue
		}
		if s.forgotten(sl, kinds, now) {
			old = append(old, sl)
		} else {
			sl.mu.Unlock()
		}
	}
	if len(old) == 0 {
		return
	}
	batch := make([]write, len(old))
	for i, sl := range old {
		batch[i].key = sl.key.bytes()
	}
	// If it fails they are found again.
	if s.commit(batch) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sl := range old {
		s.remove(sl)
	}
	s.logger.Info("forgot devices that no longer push", "devices", len(old))
}

// forgotten reports whether a device has not pushed for too long.
func (s *Store) forgotten(sl *slot, kinds map[string]Kind, now time.Time) bool {
	kind := kinds[sl.key.Kind].withDefaults()
	v := sl.view.Load()
	return v != nil && v.at(now, kind.ExpireAfter, s.forgetAfter(kind)) == forgotten
}
