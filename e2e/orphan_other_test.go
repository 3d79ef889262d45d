//go:build !linux

package e2e

import "syscall"

// endsWithUs does nothing where the kernel cannot.
func endsWithUs() *syscall.SysProcAttr { return nil }
