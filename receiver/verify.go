package receiver

import (
	"fmt"
	"io"
)

// verifier looks at a bbolt file without trusting any of it.
type verifier struct {
	file     io.ReaderAt
	size     uint64
	pageSize uint64

	pages   uint64           // how many pages there are
	used    []uint64         // a bit for each page that something refers to
	buffers [maxDepth][]byte // one for each level, since a page's keys bound those below it
}

// verify reports the first thing that is not as bbolt wants it.
func (v *verifier) verify() error {
	if v.pageSize < minPageSize {
		return fmt.Errorf("the pages have %d bytes", v.pageSize)
	}
	m, err := v.newestMeta()
	if err != nil {
		return err
	}
	if m.pages > v.size/v.pageSize {
		return fmt.Errorf("the file has %d bytes, and should have %d pages of %d", v.size, m.pages, v.pageSize)
	}
	v.pages = m.pages
	v.used = make([]uint64, v.pages/64+1)
	if err := v.tree(m.root, 0, nil, nil); err != nil {
		return err
	}
	return v.freelist(m.freelist)
}

// tree looks at a page and those below it. What refers to the page has the
// page's first key, and the next key there is greater than all below it; a root
// has neither.
func (v *verifier) tree(id uint64, depth int, first, limit []byte) error {
	if depth == maxDepth {
		return fmt.Errorf("page %d is too deep", id)
	}
	p, err := v.load(id, &v.buffers[depth])
	if err != nil {
		return err
	}
	switch {
	case p.kind == leafPage:
		return v.leaf(p, depth, first, limit)
	case p.kind == branchPage && p.count > 0:
		return v.branch(p, depth, first, limit)
	}
	return fmt.Errorf("page %d is of the wrong kind", id)
}

// branch looks at a page of references.
func (v *verifier) branch(p page, depth int, first, limit []byte) error {
	if err := p.ordered(first, limit); err != nil {
		return err
	}
	for i := range p.count {
		key, _ := p.branchElement(i)
		below := limit
		if i+1 < p.count {
			below, _ = p.branchElement(i + 1)
		}
		if err := v.tree(native.Uint64(p.element(i)[8:]), depth+1, key, below); err != nil {
			return err
		}
	}
	return nil
}

// leaf looks at a page of values, and at the buckets among them.
func (v *verifier) leaf(p page, depth int, first, limit []byte) error {
	if err := p.ordered(first, limit); err != nil {
		return err
	}
	for i := range p.count {
		_, value, err := p.leafElement(i)
		if err != nil {
			return err
		}
		switch native.Uint32(p.element(i)) {
		case 0:
		case bucketElement:
			if err := v.bucket(p, value, depth); err != nil {
				return err
			}
		default:
			return fmt.Errorf("page %d has an element of an unknown kind", p.id)
		}
	}
	return nil
}

// bucket looks at a bucket: a reference to its root page, or that page itself
// if it is small.
func (v *verifier) bucket(p page, value []byte, depth int) error {
	if len(value) < bucketHead {
		return fmt.Errorf("page %d has a bucket that is cut off", p.id)
	}
	if root := native.Uint64(value); root != 0 {
		return v.tree(root, depth+1, nil, nil)
	}
	inline, err := parsePage(p.id, value[bucketHead:])
	if err != nil {
		return err
	}
	if inline.kind != leafPage {
		return fmt.Errorf("page %d has a bucket without a leaf", p.id)
	}
	for i := range inline.count {
		if native.Uint32(inline.element(i)) != 0 {
			return fmt.Errorf("page %d has a bucket within a small bucket", p.id)
		}
	}
	return inline.ordered(nil, nil)
}

// freelist looks at the list of the pages that nothing refers to.
func (v *verifier) freelist(id uint64) error {
	p, err := v.load(id, &v.buffers[0])
	if err != nil {
		return err
	}
	if p.kind != freelistPage {
		return fmt.Errorf("page %d is no list of free pages", id)
	}
	list, count := p.data[pageHead:], uint64(native.Uint16(p.data[10:]))
	if count == 0xFFFF && len(list) >= 8 {
		count, list = native.Uint64(list), list[8:]
	}
	if count > uint64(len(list))/8 {
		return fmt.Errorf("the list of free pages in page %d is cut off", id)
	}
	before := uint64(1)
	for i := range count {
		free := native.Uint64(list[8*i:])
		if free <= before {
			return fmt.Errorf("the list of free pages in page %d is out of order", id)
		}
		if err := v.use(free, 1); err != nil {
			return fmt.Errorf("the list of free pages: %w", err)
		}
		before = free
	}
	return nil
}

// load reads a page with its overflow into the buffer.
func (v *verifier) load(id uint64, buffer *[]byte) (page, error) {
	if id >= v.pages {
		return page{}, fmt.Errorf("page %d does not exist", id)
	}
	var head [pageHead]byte
	if err := v.readAt(head[:], id); err != nil {
		return page{}, err
	}
	run := uint64(native.Uint32(head[12:])) + 1
	if native.Uint64(head[:]) != id {
		return page{}, fmt.Errorf("page %d says that it is another one", id)
	}
	if run > v.pages-id || run*v.pageSize > maxPageBytes {
		return page{}, fmt.Errorf("page %d is too long", id)
	}
	if err := v.use(id, run); err != nil {
		return page{}, err
	}
	if size := int(run * v.pageSize); cap(*buffer) < size { // #nosec G115 -- at most maxPageBytes
		*buffer = make([]byte, size)
	}
	data := (*buffer)[:run*v.pageSize]
	if err := v.readAt(data, id); err != nil {
		return page{}, err
	}
	return parsePage(id, data)
}

func (v *verifier) readAt(data []byte, id uint64) error {
	_, err := v.file.ReadAt(data, int64(id*v.pageSize)) // #nosec G115 -- within the file
	return err
}

// use notes that something refers to so many pages from id on.
func (v *verifier) use(id, run uint64) error {
	if id < 2 || id >= v.pages {
		return fmt.Errorf("page %d cannot be used", id)
	}
	for i := id; i < id+run; i++ {
		if v.used[i/64]&(1<<(i%64)) != 0 {
			return fmt.Errorf("page %d is used twice", i)
		}
		v.used[i/64] |= 1 << (i % 64)
	}
	return nil
}
