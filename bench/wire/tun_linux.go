package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"unsafe"
)

const tunPath = "/dev/net/tun"

// setIff is struct ifreq of linux/if.h as far as TUNSETIFF reads it.
type setIff struct {
	name  [syscall.IFNAMSIZ]byte
	flags uint16
	_     [22]byte // up to the size of the struct, which the kernel copies
}

// checkTUN says what is missing for TUN devices, in words that tell what to do.
func checkTUN() error {
	if os.Geteuid() != 0 {
		return errors.New("a link needs root: it makes network devices and a network namespace")
	}
	if _, err := os.Stat(tunPath); errors.Is(err, fs.ErrNotExist) {
		return errors.New("a link needs " + tunPath + ", which is missing: load the module tun, " +
			"or start the container with --device " + tunPath + " --cap-add NET_ADMIN --cap-add SYS_ADMIN")
	}
	return nil
}

// openTUN makes a TUN device that lives as long as its file descriptor. The
// error is EBUSY where the name is taken.
func openTUN(name string) (int, error) {
	fd, err := syscall.Open(tunPath, syscall.O_RDWR|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if err != nil {
		return -1, fmt.Errorf("opening %s: %w", tunPath, err)
	}
	// IFF_NO_PI: a read is a packet and nothing before it. IFF_TUN_EXCL: a
	// device that somebody else keeps is not ours to use.
	request := setIff{flags: syscall.IFF_TUN | syscall.IFF_NO_PI | syscall.IFF_TUN_EXCL}
	copy(request.name[:syscall.IFNAMSIZ-1], name)
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.TUNSETIFF,
		uintptr(unsafe.Pointer(&request))) //nolint:gosec // the ioctl takes a pointer
	if errno != 0 {
		err := fmt.Errorf("making device %s: %w", name, errno)
		if errno == syscall.EPERM { // root of a container may be powerless
			err = fmt.Errorf("%w: a link needs the capabilities NET_ADMIN and SYS_ADMIN", err)
		}
		return -1, errors.Join(err, syscall.Close(fd))
	}
	return fd, nil
}
