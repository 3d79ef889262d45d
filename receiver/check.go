package receiver

import (
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// checkFile looks whether a bbolt file is sound before bbolt uses it for
// writing: bbolt trusts what it finds, and panics, overflows its stack or
// touches memory that is not there when a page is not as it should be. So does
// its own check.
//
// bbolt opens the file for reading first. That takes the lock, which keeps a
// process that writes away, and looks at nothing but the meta pages, which have
// a checksum.
func checkFile(path string) error {
	// bbolt would fill an empty file.
	if info, err := os.Stat(path); err != nil {
		return err
	} else if info.Size() == 0 {
		return damage(errors.New("the file is empty"))
	}
	return guardMapped(func() (err error) {
		var file *os.File
		db, err := bbolt.Open(path, fileMode, &bbolt.Options{
			ReadOnly:     true,
			Timeout:      lockTime,
			NoStatistics: true,
			OpenFile: func(path string, flag int, mode os.FileMode) (opened *os.File, err error) {
				opened, err = os.OpenFile(path, flag, mode) // #nosec G304 -- the path is configured
				file = opened
				return opened, err
			},
		})
		if err != nil {
			return openError(err)
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		return verifyFile(file, db.Info().PageSize)
	})
}

// openError tells the ways in which a file cannot be opened: bbolt has no type
// for one that is too short.
func openError(err error) error {
	if _, ok := errors.AsType[*os.PathError](err); ok || errors.Is(err, bolterrors.ErrTimeout) {
		return err
	}
	return damage(err)
}

// verifyFile looks at all that bbolt relies on, without mapping it.
func verifyFile(file *os.File, pageSize int) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	v := verifier{file: file, size: uint64(info.Size()), pageSize: uint64(pageSize)} // #nosec G115 -- neither is negative
	if err := v.verify(); err != nil {
		if _, ok := errors.AsType[*os.PathError](err); ok {
			return fmt.Errorf("reading the store: %w", err)
		}
		return damage(err)
	}
	return nil
}
