// Command static takes away all that a program does not need, and becomes it:
//
//	static FOLDER PROGRAM [ARGUMENT...]
//
// PROGRAM sees FOLDER as the whole file system, and cannot write in it. It is
// the user nobody, in no further group, without capabilities and without a way
// to get some. Where there is no nobody, as in a user namespace, it stays who it
// is outside.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
)

const (
	nobody           = 65534
	prSetNoNewPrivs  = 38 // prctl(2); package syscall has it for some architectures only
	lastOfAllKernels = 63 // of the capabilities
)

func main() {
	runtime.LockOSThread() // some of what follows is the thread's own
	err := confine(os.Args[1])
	if err == nil {
		err = syscall.Exec(os.Args[2], os.Args[2:], nil) //nolint:gosec // that is what it is for
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// confine takes everything away.
func confine(folder string) error {
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"unshare", func() error { return syscall.Unshare(syscall.CLONE_NEWNS | syscall.CLONE_FS) }},
		{"private mounts", func() error { return syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "") }},
		{"bind", func() error { return syscall.Mount(folder, folder, "", syscall.MS_BIND, "") }},
		{"read-only", func() error {
			return syscall.Mount("", folder, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV, "")
		}},
		{"chroot", func() error { return syscall.Chroot(folder) }},
		{"chdir", func() error { return syscall.Chdir("/") }},
		{"bounding set", unbound},
		{"no new privileges", func() error { return prctl(prSetNoNewPrivs, 1) }},
		{"nobody", become},
		{"parent's death", func() error { return prctl(syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL)) }},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// unbound leaves no capability that a program could get.
func unbound() error {
	for c := range uintptr(lastOfAllKernels) {
		if err := prctl(syscall.PR_CAPBSET_DROP, c); err != nil {
			if c > 0 && errors.Is(err, syscall.EINVAL) {
				return nil // this kernel has no more
			}
			return err
		}
	}
	return nil
}

// become makes the process nobody, unless there is none.
func become() error {
	if err := syscall.Setgroups(nil); errors.Is(err, syscall.EPERM) {
		return nil // a user namespace of one user
	} else if err != nil {
		return err
	}
	return errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody))
}

func prctl(option int, argument uintptr) error {
	if _, _, err := syscall.RawSyscall6(syscall.SYS_PRCTL, uintptr(option), argument, 0, 0, 0, 0); err != 0 {
		return err
	}
	return nil
}
