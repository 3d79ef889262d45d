package receiver

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// bucketName is the bucket with a record for each device.
const bucketName = "devices"

// disk is a storage in a bbolt file. After a failure it trusts nothing that
// bbolt has in memory: it opens the file again, as after a crash.
type disk struct {
	path string

	mu       sync.RWMutex
	file     *os.File  // the one that db has open
	db       *bbolt.DB // nil while the file is not open
	failure  error     // why it is not
	failedAt time.Time

	size atomic.Int64 // of the file after the last commit
}

// openDisk opens the file, and makes it if there is none.
func openDisk(path string) (*disk, error) {
	switch _, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		if err := createFile(path); err != nil {
			return nil, fmt.Errorf("making the store %s: %w", path, err)
		}
	case err != nil:
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	d := &disk{path: path}
	if err := d.open(true); err != nil {
		return nil, err
	}
	return d, nil
}

// use calls f with the open file.
func (d *disk) use(f func(*bbolt.DB) error) error {
	if err := d.ensureOpen(); err != nil {
		return err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.db == nil {
		return d.failure
	}
	if err := d.intact(d.file.Stat); err != nil {
		return err
	}
	return guardMapped(func() error { return f(d.db) })
}

func (d *disk) read(key []byte) (record []byte, err error) {
	err = d.use(func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error {
			record = bytes.Clone(tx.Bucket([]byte(bucketName)).Get(key))
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", d.path, err)
	}
	return record, nil
}

func (d *disk) each(visit func(key, record []byte) error) error {
	return d.use(func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(bucketName)).ForEach(visit)
		})
	})
}

func (d *disk) commit(batch []write) error {
	err := d.use(func(db *bbolt.DB) error {
		err := db.Update(func(tx *bbolt.Tx) error { return put(tx.Bucket([]byte(bucketName)), batch) })
		return errors.Join(err, d.measure())
	})
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.db != nil {
			d.reopen(err)
		}
		return fmt.Errorf("writing %s: %w", d.path, err)
	}
	return nil
}

// put writes a batch into the bucket.
func put(bucket *bbolt.Bucket, batch []write) error {
	for _, w := range batch {
		var err error
		if w.record == nil {
			err = bucket.Delete(w.key)
		} else {
			err = bucket.Put(w.key, w.record)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *disk) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failure = fmt.Errorf("the store: %w", os.ErrClosed)
	if d.db == nil {
		return nil
	}
	err := guardMapped(d.db.Close)
	d.db, d.file = nil, nil
	if err != nil {
		return fmt.Errorf("closing %s: %w", d.path, err)
	}
	return nil
}
