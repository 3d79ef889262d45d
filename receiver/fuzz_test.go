package receiver

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"power_exporter/power"
)

// smallStore is a file as small as one with several pages of devices and a list
// of free pages can be.
func smallStore(tb testing.TB, devices int) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(filled(tb, devices), FileName))
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.TrimRight(data, "\x00")
}

// patch replaces bytes from a place on, and gives the meta pages checksums that
// fit.
func patch(data []byte, place uint32, with []byte) []byte {
	data = bytes.Clone(data)
	if len(data) == 0 {
		return data
	}
	copy(data[int(place)%len(data):], with)
	page := os.Getpagesize()
	for id := range 2 {
		meta := data[min(id*page+pageHead, len(data)):]
		if len(meta) < metaSize {
			break
		}
		sum := fnv.New64a()
		_, _ = sum.Write(meta[:metaSum])
		native.PutUint64(meta[metaSum:], sum.Sum64())
	}
	return data
}

// FuzzOpen opens damaged stores. Each must be refused as damaged, or work.
func FuzzOpen(f *testing.F) {
	small, large := smallStore(f, 2), smallStore(f, 30)
	page := uint32(os.Getpagesize())
	number := func(n uint64) []byte { return native.AppendUint64(nil, n) }
	for _, data := range [][]byte{small, large} {
		f.Add(data, uint32(0), []byte{})
		for meta := range uint32(2) {
			at := meta*page + pageHead
			for _, field := range []uint32{8, 16, 32, 40, 48} { // page size, root, list of free pages, pages, transaction
				for _, value := range []uint64{0, 1, 2, 3, 4, 5, 1 << 20, 1 << 63, ^uint64(0)} {
					f.Add(data, at+field, number(value))
				}
			}
		}
		for id := uint32(2); id*page < uint32(len(data)); id++ {
			for _, head := range [][]byte{{branchPage, 0}, {leafPage, 0}, {freelistPage, 0}, {0, 0}, {leafPage, 0, 0xFF, 0xFF}, {branchPage, 0, 1, 0}, {leafPage, 0, 1, 0, 1, 0, 0, 0}} {
				f.Add(data, id*page+8, head)
			}
			f.Add(data, id*page, number(7))
			f.Add(data, id*page+pageHead, number(3)) // an element, or a free page
			f.Add(data, id*page+pageHead, []byte{elementSize, 0})
			f.Add(data, id*page+pageHead+8, number(3))
			f.Add(data, id*page+pageHead+8, number(^uint64(0)))
		}
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, place uint32, with []byte) {
		if len(data) > 1<<20 {
			return
		}
		if err := openDamaged(t, folder, patch(data, place, with)); err != nil && !errors.Is(err, ErrCorrupt) {
			t.Errorf("error is %v", err)
		}
	})
}

// FuzzRecord decodes records with a right checksum. One that is accepted must
// come out the same again.
func FuzzRecord(f *testing.F) {
	e := Entry{State: []byte(`{"name":"x"}`), Received: time.Unix(1, 2), Measured: time.Unix(3, 4)}
	for i := range int64(3) {
		e.Events.Count(numbered(1, i), EventRecord{Code: "E", Name: "Event", Text: "text", At: time.Unix(5, 6), Value: power.Raw(power.Of(i))})
	}
	e.Events.MarkReset()
	for _, entry := range []*Entry{&e, {}} {
		record, err := encodeRecord("ups-01", entry)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(record)
	}
	for _, head := range []string{`{}`, `null`, `[]`, `{"events":null}`, `{"events":{"seen":"AA=="}}`, `{"events":{"recent":"AgIAAAAB"}}`, `{"events":{"recent":"AgI="}}`, `{"events":{"codes":{"":{"value":1e999}}}}`, `{"received":"x"}`} {
		f.Add(append(binary.AppendUvarint([]byte{recordVersion, 0, 0, 0, 0}, uint64(len(head))), head...))
	}
	f.Add([]byte{recordVersion, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1})
	f.Fuzz(func(t *testing.T, record []byte) {
		if len(record) >= recordPrefix {
			binary.BigEndian.PutUint32(record[1:], checksum(record[recordPrefix:]))
		}
		id, first, err := decodeRecord(record)
		if err != nil {
			return
		}
		again, err := encodeRecord(id, first)
		if err != nil {
			t.Fatal(err)
		}
		id2, second, err := decodeRecord(again)
		if err != nil {
			t.Fatal(err)
		}
		third, err := encodeRecord(id2, second)
		if err != nil || !bytes.Equal(again, third) {
			t.Errorf("%q became %q, %v", again, third, err)
		}
		_ = first.Events.Events()
	})
}

// FuzzJSON compares the nesting that is counted with what a decoder finds.
func FuzzJSON(f *testing.F) {
	for _, body := range []string{"", "null", "{}", `{"a":[1,{"b":"]}\"["}]}`, `"\\"`, `[[[]]]`, `[`, "{}{}", "\xff", `{"a":1,}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := checkObject(body)
		deep := depth(body)
		valid := json.Valid(body)
		object := valid && bytes.HasPrefix(bytes.TrimLeft(body, blanks), []byte("{"))
		if (err == nil) != (object && deep <= maxNesting) {
			t.Errorf("error is %v for valid %v, object %v, %d levels", err, valid, object, deep)
		}
		if err != nil && strings.Contains(err.Error(), "goes on after") && valid {
			t.Errorf("error is %v, and nothing goes on", err)
		}
		if valid && nesting(body) != deep {
			t.Errorf("%d levels are counted, want %d", nesting(body), deep)
		}
	})
}

// depth is how many levels JSON has, by a decoder.
func depth(body []byte) (deepest int) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	for level := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			level++
			deepest = max(deepest, level)
		case json.Delim('}'), json.Delim(']'):
			level--
		}
	}
}
