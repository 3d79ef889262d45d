//go:build !linux

package program

import "syscall"

// endsWithUs does nothing where the kernel cannot.
func endsWithUs() *syscall.SysProcAttr { return nil }
