package receiver

import (
	"errors"
	"hash/fnv"
)

// A meta page of a bbolt file: magic (4), version (4), page size (4), flags (4),
// root page (8), sequence (8), page of the list of free pages (8), number of
// pages (8), transaction (8), checksum (8) of all before it.
const (
	metaSize    = 64
	metaSum     = 56
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	// maxTransaction is long before their number would begin at 0 again.
	maxTransaction = 1 << 62
)

// meta is what a meta page says.
type meta struct {
	pageSize    uint64
	root        uint64
	freelist    uint64
	pages       uint64
	transaction uint64
}

// newestMeta is the meta page that bbolt goes by: the newer of those that are
// whole. The older one is there for a crash while the newer was written.
func (v *verifier) newestMeta() (meta, error) {
	var newest meta
	found := false
	for id := range uint64(2) {
		var data [pageHead + metaSize]byte
		if v.size < (id+1)*v.pageSize {
			break
		}
		if err := v.readAt(data[:], id); err != nil {
			return meta{}, err
		}
		m, ok := parseMeta(data[pageHead:])
		if ok && (!found || m.transaction > newest.transaction) {
			newest, found = m, true
		}
	}
	if !found {
		return meta{}, errors.New("no meta page is whole")
	}
	if newest.pageSize != v.pageSize {
		return meta{}, errors.New("the meta pages do not agree on the size of a page")
	}
	if newest.transaction > maxTransaction {
		return meta{}, errors.New("no store has had so many transactions")
	}
	return newest, nil
}

// parseMeta reads a meta page, and reports whether it is whole.
func parseMeta(data []byte) (meta, bool) {
	sum := fnv.New64a()
	_, _ = sum.Write(data[:metaSum])
	whole := native.Uint32(data) == metaMagic && native.Uint32(data[4:]) == metaVersion && native.Uint64(data[metaSum:]) == sum.Sum64()
	return meta{
		pageSize:    uint64(native.Uint32(data[8:])),
		root:        native.Uint64(data[16:]),
		freelist:    native.Uint64(data[32:]),
		pages:       native.Uint64(data[40:]),
		transaction: native.Uint64(data[48:]),
	}, whole
}
