package config

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// files notes what was in the files of a configuration.
type files struct {
	sums   map[string]checksum
	inline bool // a secret is in the configuration itself
}

// checksum is of the content of a file, and zero for what is no regular file or
// cannot be read.
type checksum [sha256.Size]byte

func newFiles() *files {
	return &files{sums: make(map[string]checksum)}
}

// read is the content of the file at path, at most limit bytes. Its errors do
// not name the file.
func (f *files) read(path string, limit int64) ([]byte, error) {
	// Noted before it is read: a change in between is then seen as one later.
	f.sums[path] = sum(path)
	file, err := os.Open(path) //nolint:gosec // the path is from the configuration or the command line
	if err != nil {
		return nil, cause(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, cause(err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("larger than %d KiB: is it the right file?", limit>>10)
	}
	return data, nil
}

// changed reports whether a file is no longer what it was when it was read.
func (f *files) changed() bool {
	for path, was := range f.sums {
		if sum(path) != was {
			return true
		}
	}
	return false
}

func sum(path string) checksum {
	// Reading a pipe would take away what is in it.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return checksum{}
	}
	file, err := os.Open(path) //nolint:gosec // the path is from the configuration or the command line
	if err != nil {
		return checksum{}
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(file, maxConfig+1)); err != nil {
		return checksum{}
	}
	return checksum(h.Sum(nil))
}

// forEverybody reports whether every user of the machine may read the file.
func forEverybody(path string) bool {
	info, err := os.Stat(path)
	return err == nil && runtime.GOOS != "windows" && info.Mode()&0o004 != 0
}

// cause is err without the name of the file.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
