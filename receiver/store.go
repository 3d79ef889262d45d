package receiver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// FileName is the store's file in the storage folder.
const FileName = "pushes.db"

// Defaults of Options.
const (
	// DefaultTotalDevices is what a machine with 1 GB of memory can hold.
	DefaultTotalDevices = 100_000
	DefaultForgetAfter  = 24 * time.Hour
)

// Options are what a store is opened with; a zero limit is its default.
type Options struct {
	// Kinds are the configured receivers by name; see Store.Configure.
	Kinds map[string]Kind
	// TotalDevices is how many devices there may be of all senders. Those that
	// exist are never turned away.
	TotalDevices int
	// ForgetAfter is how long a device has to be down until it is forgotten,
	// with the counts of its events, where its kind does not say.
	ForgetAfter time.Duration
	Logger      *slog.Logger
}

// Store keeps the latest state of every device that pushes. Its methods may be
// called concurrently.
type Store struct {
	storage storage
	options Options
	logger  *slog.Logger

	mu      sync.RWMutex
	kinds   map[string]Kind
	slots   map[Key]*slot
	list    []*slot          // the same, in no order
	ids     map[string]*slot // by what they are exported as
	senders map[sender]*senderUse
	known   int // devices that exist

	queue   chan queued
	closing chan struct{}
	stopped chan struct{} // closed when nothing is written any more
	close   func() error
	failing atomic.Bool // nothing was stored since something could not be
}

// sender is who vouches for a device.
type sender struct{ kind, name string }

// senderUse is how many devices a sender has.
type senderUse struct {
	devices int
	warned  bool // that there are too many
}

// Open opens the store in a folder, which it makes if there is none. Its errors
// say what to do; ErrLocked and ErrCorrupt are among them.
func Open(folder string, o Options) (*Store, error) {
	if folder == "" {
		return nil, errors.New("opening the store: no folder is configured for it")
	}
	d, err := openDisk(filepath.Join(folder, FileName))
	if err != nil {
		return nil, err
	}
	s, err := open(d, o)
	if err != nil {
		return nil, explain(d.path, err)
	}
	return s, nil
}

// open is the store on a storage, which it closes.
func open(st storage, o Options) (*Store, error) {
	if o.TotalDevices <= 0 {
		o.TotalDevices = DefaultTotalDevices
	}
	if o.ForgetAfter <= 0 {
		o.ForgetAfter = DefaultForgetAfter
	}
	s := &Store{
		storage: st,
		options: o,
		logger:  o.Logger,
		slots:   map[Key]*slot{},
		ids:     map[string]*slot{},
		senders: map[sender]*senderUse{},
		queue:   make(chan queued),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
	}
	s.close = sync.OnceValue(func() error {
		close(s.closing)
		<-s.stopped
		return st.close()
	})
	s.setKinds(o.Kinds)
	if err := s.load(); err != nil {
		return nil, errors.Join(err, st.close())
	}
	go s.run()
	return s, nil
}

// Close waits for what is being written, and closes the file. What is stored
// stays; a later Update fails with ErrStorage.
func (s *Store) Close() error { return s.close() }

// errClosed is an Update after Close.
var errClosed = fmt.Errorf("%w: the exporter stops: %w", ErrStorage, os.ErrClosed)

// Update changes one device and returns when the change is on disk, which is
// when a push may be acknowledged. Change gets what the store has, or an Entry
// without anything for a device that it does not have, and the time of this
// push. When it fails or panics, nothing has changed and Update returns its
// error. It is not called for two pushes of one device at a time.
//
// An entry whose state the vendor can no longer map, which an upgrade may
// bring about, comes without the state.
//
// Update fails with ErrMalformed for a key that cannot be one, with ErrTooMany
// for a new device beyond the limits and for one that floods, with ErrTooLarge
// for too much state, and with ErrStorage when the disk does not take it.
func (s *Store) Update(ctx context.Context, key Key, change func(e *Entry, now time.Time) error) error {
	if err := key.check(); err != nil {
		return err
	}
	now := time.Now()
	sl, err := s.enter(key, now)
	if err != nil {
		return err
	}
	defer s.leave(sl)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: nobody waits for it to be stored: %w", errAborted, err)
	}
	kind := s.kind(sl)
	e, err := s.read(sl, now)
	if err != nil {
		return err
	}
	if err := guard(func() error { return change(e, now) }); err != nil {
		return err
	}
	if len(e.State) > MaxState {
		return fmt.Errorf("%w: the state of a device has %d bytes, more than %d", ErrTooLarge, len(e.State), MaxState)
	}
	e.Received = now
	v, mended, err := kind.view(sl.id, e)
	if err != nil {
		return err
	}
	for _, m := range mended {
		s.logger.Debug("device mended", "err", m)
	}
	record, err := encodeRecord(sl.id, e)
	if err != nil {
		return err
	}
	if err := s.write(write{key: key.bytes(), record: record}); err != nil {
		return err
	}
	s.publish(sl, v)
	return nil
}

// kind is what is configured for a device now.
func (s *Store) kind(sl *slot) Kind {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.kinds[sl.key.Kind]
}

// read is the entry of a device for a change. Only its caller has it.
func (s *Store) read(sl *slot, now time.Time) (*Entry, error) {
	record, err := s.storage.read(sl.key.bytes())
	if err != nil {
		return nil, s.fail(err)
	}
	if record == nil {
		return &Entry{}, nil
	}
	_, e, err := decodeRecord(record)
	if err != nil {
		return nil, s.fail(fmt.Errorf("reading device %q: %w", sl.id, damage(err)))
	}
	known := sl.view.Load()
	if known != nil && known.broken != nil {
		e.State = nil
	}
	e.settle(known, now)
	return e, nil
}

// settle makes what was read from disk what is known in memory.
func (e *Entry) settle(known *view, now time.Time) {
	e.notAfter(now)
	if known != nil {
		// These have a monotonic clock, if they are of this process.
		e.Received, e.Measured = known.received, known.measured
	}
}

// publish shows a view of a device.
func (s *Store) publish(sl *slot, v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !sl.known() {
		s.known++
	}
	sl.view.Store(v)
}
