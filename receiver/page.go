package receiver

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The layout of a bbolt file, version 2: pages of one size with numbers from 0,
// the first two of which are meta pages. All numbers are in the byte order of
// the machine.
const (
	pageHead    = 16 // number (8), kind (2), count (2), overflow (4)
	elementSize = 16
	bucketHead  = 16 // root page (8), sequence (8)

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10

	bucketElement = 0x01 // the flag of a leaf's element that is a bucket

	minPageSize = 1 << 10
	// maxDepth is far more than any tree of pages needs.
	maxDepth = 32
	// maxPageBytes is the largest page with its overflow.
	maxPageBytes = 1 << 30
)

var native = binary.NativeEndian

// page is the content of a page with its overflow.
type page struct {
	id    uint64
	kind  uint16
	count int
	data  []byte // from its head on
}

// parsePage reads the head of a page and looks whether its elements fit.
func parsePage(id uint64, data []byte) (page, error) {
	if len(data) < pageHead {
		return page{}, errors.New("a page is cut off")
	}
	p := page{id: id, kind: native.Uint16(data[8:]), count: int(native.Uint16(data[10:])), data: data}
	if p.kind != freelistPage && pageHead+p.count*elementSize > len(data) {
		return page{}, fmt.Errorf("page %d has too many elements", id)
	}
	return p, nil
}

// element is the place of an element and all that follows.
func (p page) element(i int) []byte { return p.data[pageHead+i*elementSize:] }

// branchElement is the key of a reference: position (4), size (4), page (8).
func (p page) branchElement(i int) (key []byte, err error) {
	e := p.element(i)
	return p.part(e, native.Uint32(e), 0, native.Uint32(e[4:]))
}

// leafElement is a key and its value: flags (4), position (4), size of the key
// (4), size of the value (4).
func (p page) leafElement(i int) (key, value []byte, err error) {
	e := p.element(i)
	position, size := native.Uint32(e[4:]), native.Uint32(e[8:])
	if key, err = p.part(e, position, 0, size); err != nil {
		return nil, nil, err
	}
	value, err = p.part(e, position, size, native.Uint32(e[12:]))
	return key, value, err
}

// part is so many bytes of an element from a position on.
func (p page) part(element []byte, position, skip, size uint32) ([]byte, error) {
	from := uint64(position) + uint64(skip)
	to := from + uint64(size)
	if to > uint64(len(element)) {
		return nil, fmt.Errorf("page %d has an element that is cut off", p.id)
	}
	return element[from:to], nil
}

// ordered looks whether the keys of a page ascend, from the wanted first one, if
// it is not nil, to less than the limit, if it is not nil.
func (p page) ordered(first, limit []byte) error {
	if first != nil && p.count == 0 {
		return fmt.Errorf("page %d is empty", p.id)
	}
	var before []byte
	for i := range p.count {
		var key []byte
		var err error
		if p.kind == branchPage {
			key, err = p.branchElement(i)
		} else {
			key, _, err = p.leafElement(i)
		}
		if err != nil {
			return err
		}
		switch {
		case i == 0 && first != nil && !bytes.Equal(key, first),
			bytes.Compare(key, before) <= 0, // which no empty key passes
			limit != nil && bytes.Compare(key, limit) >= 0:
			return fmt.Errorf("page %d has a key out of order", p.id)
		}
		before = key
	}
	return nil
}
