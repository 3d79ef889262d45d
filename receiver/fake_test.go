package receiver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/power"
)

// fakeState is the state of a made-up vendor's devices.
type fakeState struct {
	Name  string  `json:"name"`
	Volts float64 `json:"volts"`
}

var errUnmappable = errors.New("unmappable")

// mapFake maps a fakeState. The name "panic" makes it panic, "bad" fail.
func mapFake(state []byte) (power.Device, error) {
	if len(state) == 0 {
		return power.Device{Vendor: "Fake", Kind: power.KindUPS}, nil
	}
	var s fakeState
	if err := json.Unmarshal(state, &s); err != nil {
		return power.Device{}, err
	}
	switch s.Name {
	case "panic":
		panic("no such device")
	case "bad":
		return power.Device{Vendor: "half done"}, errUnmappable
	}
	return power.Device{
		Vendor: "Fake", Kind: power.KindUPS, Name: s.Name,
		Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{Voltage: power.Volts(power.Of(s.Volts))}}},
	}, nil
}

// fakeExpire is less than the time after which a store looks for old devices.
const fakeExpire = 10 * time.Minute

func fakeKinds() map[string]Kind {
	return map[string]Kind{"fake": {Map: mapFake, ExpireAfter: fakeExpire}}
}

func fakeKey(device string) Key { return Key{Kind: "fake", Sender: "acme", Device: device} }

// memory is a storage that forgets.
type memory struct {
	mu      sync.Mutex
	records map[string][]byte
	batches []int // sizes of those that were committed
	failure error
	gate    chan struct{} // if not nil, a commit takes one from it first
	closed  bool
}

func newMemory() *memory { return &memory{records: map[string][]byte{}} }

func (m *memory) read(key []byte) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Clone(m.records[string(key)]), nil
}

func (m *memory) commit(batch []write) error {
	m.mu.Lock()
	gate := m.gate
	m.mu.Unlock()
	if gate != nil {
		<-gate
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failure != nil {
		return m.failure
	}
	m.batches = append(m.batches, len(batch))
	for _, w := range batch {
		if w.record == nil {
			delete(m.records, string(w.key))
		} else {
			m.records[string(w.key)] = w.record
		}
	}
	return nil
}

func (m *memory) each(visit func(key, record []byte) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(m.records)) {
		if err := visit([]byte(key), m.records[key]); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

// hold makes commits wait for the gate.
func (m *memory) hold(gate chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gate = gate
}

// len is the number of records.
func (m *memory) len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.records)
}

// fail makes commits fail, or no longer.
func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failure = err
}

// logText is a log that can be read while it is written.
type logText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logText) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// openOn is a store on a storage that is closed with the test.
func openOn(tb testing.TB, st storage, o Options) *Store {
	tb.Helper()
	if o.Kinds == nil {
		o.Kinds = fakeKinds()
	}
	if o.Logger == nil {
		o.Logger = quiet()
	}
	s, err := open(st, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { closeStore(tb, s) })
	return s
}

// openIn is a store in a folder that is closed with the test.
func openIn(tb testing.TB, folder string) *Store {
	tb.Helper()
	s, err := Open(folder, Options{Kinds: fakeKinds(), Logger: quiet()})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { closeStore(tb, s) })
	return s
}

func closeStore(tb testing.TB, s *Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Error(err)
	}
}

// reading is a change that sets name and voltage.
func reading(name string, volts float64) func(*Entry, time.Time) error {
	return func(e *Entry, now time.Time) (err error) {
		e.State, err = json.Marshal(fakeState{Name: name, Volts: volts})
		e.Measured = now
		return err
	}
}

// push is an update that must succeed.
func push(tb testing.TB, s *Store, key Key, change func(*Entry, time.Time) error) {
	tb.Helper()
	if err := s.Update(context.Background(), key, change); err != nil {
		tb.Errorf("pushing %v: %v", key, err)
	}
}

// voltage is what a device shows, as text.
func voltage(tb testing.TB, s *Store, id string) string {
	tb.Helper()
	d, ok := s.Device(id)
	if !ok {
		return "no device"
	}
	if len(d.Inlets) == 0 {
		return "no reading"
	}
	return d.Inlets[0].Voltage.String()
}

// pass lets time go by in a bubble.
func pass(d time.Duration) { <-time.After(d) }
