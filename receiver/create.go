package receiver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"go.etcd.io/bbolt"
)

// Modes of the folder and of the file in it: what devices say is nobody else's
// business.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// createFile makes an empty store and its folder. The file appears under its
// name when it is complete and on disk, so that a crash leaves either no file
// or a good one.
func createFile(path string) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	temporary := file.Name()
	defer func() { _ = os.Remove(temporary) }()
	if err := file.Close(); err != nil {
		return err
	}
	if err := fillFile(temporary); err != nil {
		return err
	}
	if err := place(temporary, path, os.Link); err != nil {
		return err
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

// place gives a file its name, unless there is one of that name: unlike a
// rename, a link does not replace the file of another process that was faster.
// Where the file system knows no links, it has to be a rename.
func place(temporary, path string, link func(from, to string) error) error {
	if err := link(temporary, path); err == nil || errors.Is(err, os.ErrExist) {
		return nil
	}
	return os.Rename(temporary, path)
}

// fillFile makes an empty file a store.
func fillFile(path string) error {
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{Timeout: lockTime, NoStatistics: true})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte(bucketName))
		return err
	})
	return errors.Join(err, db.Close())
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // where a folder cannot be synced, and need not be
	}
	folder, err := os.Open(path) // #nosec G304 -- the path is configured
	if err != nil {
		if errors.Is(err, os.ErrPermission) {
			return nil // the folder above is not ours
		}
		return err
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("syncing the folder: %w", err)
	}
	return nil
}
