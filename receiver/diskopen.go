package receiver

import (
	"errors"
	"fmt"
	"os"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

const (
	// lockTime is how long to wait for another process to let go of the store:
	// one that is stopping does within it.
	lockTime = 500 * time.Millisecond
	// retryTime is how long a file that could not be opened again is left alone.
	retryTime = 5 * time.Second
)

// open opens the file, and looks before whether it is sound if somebody else
// or a broken disk may have written it.
func (d *disk) open(check bool) error {
	err := d.tryOpen(check)
	if err != nil {
		d.letGo(err)
		err = explain(d.path, err)
		d.failure, d.failedAt = err, time.Now()
	}
	return err
}

func (d *disk) tryOpen(check bool) error {
	if check {
		if err := checkFile(d.path); err != nil {
			return err
		}
	}
	return guardMapped(func() (err error) {
		d.db, err = bbolt.Open(d.path, fileMode, &bbolt.Options{
			Timeout:      lockTime,
			FreelistType: bbolt.FreelistMapType,
			NoStatistics: true,
			OpenFile: func(path string, flag int, mode os.FileMode) (file *os.File, err error) {
				// A file that has gone meanwhile must not come back empty.
				file, err = os.OpenFile(path, flag&^os.O_CREATE, mode) // #nosec G304 -- the path is configured
				d.file = file
				return file, err
			},
		})
		if err != nil {
			return err
		}
		return d.db.View(func(tx *bbolt.Tx) error {
			if tx.Bucket([]byte(bucketName)) == nil {
				return damage(errors.New("there are no devices in it"))
			}
			return d.measure()
		})
	})
}

// measure notes how long the file is.
func (d *disk) measure() error {
	info, err := d.file.Stat()
	if err == nil {
		d.size.Store(info.Size())
	}
	return err
}

// intact looks whether the file is still there and whole. bbolt would write on
// into a file that nobody will find, and end the process when it touches mapped
// memory without a file behind it.
func (d *disk) intact(stat func() (os.FileInfo, error)) error {
	there, err := os.Stat(d.path)
	if err != nil {
		return err
	}
	// Before anybody looks at the file, which a commit may make longer meanwhile.
	least := d.size.Load()
	ours, err := stat()
	if err != nil {
		return err
	}
	if !os.SameFile(there, ours) {
		return fmt.Errorf("%s is another file than the one that was opened: start again", d.path)
	}
	if ours.Size() < least {
		return explain(d.path, damage(errors.New("it was cut off")))
	}
	return nil
}

// explain makes an error of opening one that says what to do.
func explain(path string, err error) error {
	_, panicked := errors.AsType[*panicError](err)
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("opening %s: %w: stop it, or give this one a storage path of its own", path, ErrLocked)
	case panicked || errors.Is(err, ErrCorrupt):
		return fmt.Errorf("opening %s: %w: move the file away and start again; what is lost is the latest state of each device, until it pushes again, and the counts of its events",
			path, damage(err))
	default:
		return fmt.Errorf("opening %s: %w", path, err)
	}
}

// damage is an ErrCorrupt that says why.
func damage(why error) error {
	if errors.Is(why, ErrCorrupt) {
		return why
	}
	return fmt.Errorf("%w (%w)", ErrCorrupt, why)
}

// letGo closes a file after a failure. If bbolt panicked its locks may still be
// held, so that its own Close would wait for ever. Guarded by mu.
func (d *disk) letGo(failure error) {
	_, panicked := errors.AsType[*panicError](failure)
	closed := d.db != nil && !panicked && guardMapped(d.db.Close) == nil
	if !closed && d.file != nil {
		unlock(d.file)
		_ = d.file.Close()
	}
	d.db, d.file = nil, nil
}

// reopen opens the file again after a failure. Guarded by mu.
func (d *disk) reopen(failure error) {
	d.letGo(failure)
	_, panicked := errors.AsType[*panicError](failure)
	// If that fails, whoever needs the file tries again.
	_ = d.open(panicked)
}

// ensureOpen opens a file that could not be opened after a failure.
func (d *disk) ensureOpen() error {
	d.mu.RLock()
	open := d.db != nil
	d.mu.RUnlock()
	if open {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.db != nil {
		return nil
	}
	if errors.Is(d.failure, os.ErrClosed) || time.Since(d.failedAt) < retryTime {
		return d.failure
	}
	return d.open(true)
}
