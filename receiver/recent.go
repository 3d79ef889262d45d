package receiver

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"time"
)

const (
	// maxRecent is how many records of a device are remembered one by one. It is
	// more than a device has under way at a time, and about 1.2 kB on disk.
	maxRecent = 128
	// mostRecent is how many of them have to be newer than a record that is not
	// among them, for it to be an old one again. It is less than all, so that a few
	// with wrong numbers or times, or in another order, make no difference.
	mostRecent = maxRecent / 4 * 3
)

// Origin is what a device says of a record in its own log, by which the record
// is told from the others. A device that sends a record again says the same.
type Origin struct {
	Ord  int64     // the device's number of the record, or [NoOrd]
	Time time.Time // by the device's clock, in whatever zone; the zero time if it does not say
	Text string    // all that it says, the time as well
}

// NoOrd is the number of a record that has none.
const NoOrd = math.MaxInt64

const (
	// noTime is the time of a record that has none.
	noTime = math.MinInt64
	// clockSet is the beginning of 2020. What is before says nothing of when it
	// was: a clock that nobody has set begins in 1970 or 2000 at each start.
	clockSet = 1_577_836_800
)

// origin is an Origin as it is remembered.
type origin struct {
	ord  int64
	time int64  // in seconds; noTime if it says nothing
	text uint32 // hash
}

// remembered is what is remembered of an Origin.
func (o Origin) remembered() origin {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(o.Text))
	r := origin{ord: o.Ord, time: o.Time.Unix(), text: hash.Sum32()}
	if r.time < clockSet {
		r.time = noTime
	}
	return r
}

// recent is the records of a device that were counted last, the newest at the
// end. The zero recent is that of a device that has sent none.
type recent []origin

// has reports whether a record is among them.
func (r recent) has(o origin) bool {
	return slices.Contains(r, o)
}

// outdated reports whether a record that is not among them is one of those
// before them. It is if it has both a lower number and an older time than most:
// after a reset of the log numbers are lower and times newer, and while a clock
// is wrong numbers are higher. One without a time is never taken for old.
func (r recent) outdated(o origin) bool {
	if o.time == noTime {
		return false
	}
	newer := 0
	for _, known := range r {
		if known.ord > o.ord && known.time > o.time {
			newer++
		}
	}
	return newer >= mostRecent
}

// add remembers a record, in place of the first one if there are too many.
func (r *recent) add(o origin) {
	if len(*r) >= maxRecent {
		*r = slices.Delete(*r, 0, 1)
	}
	*r = append(*r, o)
}

// startsAnew reports whether a record that may be of a new log is, for want of a
// time: its number is then lower than the newest.
func (r recent) startsAnew(o origin) bool {
	return o.time == noTime && len(r) > 0 && o.ord < r[len(r)-1].ord
}

// encode is the records on disk: of each the differences of number and time from
// the one before, and the hash of the text.
func (r recent) encode() []byte {
	var data []byte
	var before origin
	for _, o := range r {
		data = binary.AppendVarint(data, o.ord-before.ord) // which may overflow, and is undone by overflowing
		data = binary.AppendVarint(data, o.time-before.time)
		data = binary.BigEndian.AppendUint32(data, o.text)
		before = o
	}
	return data
}

// errRecent is of what is on disk in place of records.
var errRecent = errors.New("the newest event records cannot be read")

// decodeRecent reads records from disk.
func decodeRecent(data []byte) (recent, error) {
	var r recent
	var o origin
	for len(data) > 0 {
		ord, n := binary.Varint(data)
		data = data[max(n, 0):]
		seconds, m := binary.Varint(data)
		data = data[max(m, 0):]
		if n <= 0 || m <= 0 || len(data) < 4 || len(r) == maxRecent {
			return nil, errRecent
		}
		o = origin{ord: o.ord + ord, time: o.time + seconds, text: binary.BigEndian.Uint32(data)}
		data = data[4:]
		r = append(r, o)
	}
	return r, nil
}
