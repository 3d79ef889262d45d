package receiver

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"time"
)

// MaxState is the largest state of one device in bytes, ten times that of a
// PDU with 48 outlets. It bounds what one device can take on disk.
const MaxState = 256 << 10

// Entry is what the store keeps of one device.
type Entry struct {
	// State is the vendor's own last state of the device, complete, in any form
	// that the vendor's [Kind] maps; nil if there is none yet.
	State []byte
	// Events counts the event records of the device.
	Events EventLog
	// Received is when the last push was received; the zero time for a device
	// that has never pushed. The store sets it.
	Received time.Time
	// Measured is when the readings in State were received; the zero time if
	// there are none. Whoever takes readings from a push sets it to the time of
	// that push. It lets readings expire of a device that only sends events.
	Measured time.Time
}

// notAfter makes times to come the present one, and reports whether there were
// any. They are of a clock that was wrong then: taken as they are, the device
// would be fresh until they have come.
func (e *Entry) notAfter(now time.Time) (changed bool) {
	changed = e.Events.notAfter(now)
	for _, t := range []*time.Time{&e.Received, &e.Measured} {
		if t.After(now) {
			*t, changed = now, true
		}
	}
	return changed
}

// A record is an Entry on disk: a byte for the version of the format, a
// checksum of all that follows, the length of the head, the head, the state.
// bbolt has no checksums of its own but for its two meta pages.
const (
	recordVersion = 1
	recordPrefix  = 1 + crc32.Size
)

// recordHead is what a record says beside the state.
type recordHead struct {
	ID       string    `json:"id"` // what the device is exported as
	Received time.Time `json:"received"`
	Measured time.Time `json:"measured,omitzero"`
	Events   *EventLog `json:"events"`
}

// encodeRecord is the record of an entry whose device is exported as id.
func encodeRecord(id string, e *Entry) ([]byte, error) {
	head, err := json.Marshal(recordHead{ID: id, Received: e.Received, Measured: e.Measured, Events: &e.Events})
	if err != nil {
		return nil, fmt.Errorf("encoding a record: %w", err)
	}
	record := make([]byte, recordPrefix, recordPrefix+binary.MaxVarintLen64+len(head)+len(e.State))
	record[0] = recordVersion
	record = binary.AppendUvarint(record, uint64(len(head)))
	record = append(record, head...)
	record = append(record, e.State...)
	binary.BigEndian.PutUint32(record[1:], checksum(record[recordPrefix:]))
	return record, nil
}

// decodeRecord reads a record. The entry's State is a part of the record, which
// must not be changed.
func decodeRecord(record []byte) (id string, e *Entry, err error) {
	if len(record) < recordPrefix {
		return "", nil, errors.New("a record is cut off")
	}
	if version := record[0]; version != recordVersion {
		return "", nil, fmt.Errorf("a record has the version %d, and only %d is known: was it written by a newer power_exporter?", version, recordVersion)
	}
	rest := record[recordPrefix:]
	if binary.BigEndian.Uint32(record[1:]) != checksum(rest) {
		return "", nil, errors.New("a record has a wrong checksum")
	}
	size, n := binary.Uvarint(rest)
	if n <= 0 || size > uint64(len(rest)) || len(rest)-n < int(size) { // #nosec G115 -- a length is not negative
		return "", nil, errors.New("the head of a record is cut off")
	}
	rest = rest[n:]
	e = &Entry{}
	head := recordHead{Events: &e.Events}
	if err := json.Unmarshal(rest[:size], &head); err != nil {
		return "", nil, fmt.Errorf("the head of a record: %w", err)
	}
	e.Received, e.Measured = head.Received, head.Measured
	if state := rest[size:]; len(state) > 0 {
		e.State = state
	}
	return head.ID, e, nil
}

// checksum is CRC-32C.
func checksum(data []byte) uint32 { return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) }
