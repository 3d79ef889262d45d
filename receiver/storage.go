package receiver

// storage is where a store keeps its records. What commit was told is durable
// when it returns, all of it or nothing.
type storage interface {
	// read returns a copy of a record, nil if there is none.
	read(key []byte) ([]byte, error)
	// commit writes a batch.
	commit(batch []write) error
	// each calls visit with every record in the order of the keys. What it
	// gets is valid until it returns.
	each(visit func(key, record []byte) error) error
	close() error
}

// write is a record to write, or to delete if it is nil.
type write struct {
	key    []byte
	record []byte
}
