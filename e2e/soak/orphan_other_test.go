//go:build !linux

package soak

import "syscall"

// endsWithUs does nothing where the kernel cannot.
func endsWithUs() *syscall.SysProcAttr { return nil }
