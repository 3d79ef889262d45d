//go:build !windows

package receiver

import (
	"os"
	"syscall"
)

// unlock gives back the lock of a file. Closing it is not enough while it is
// mapped.
func unlock(file *os.File) { _ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) } // #nosec G115 -- a file descriptor is an int
