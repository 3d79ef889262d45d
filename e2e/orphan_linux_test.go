package e2e

import "syscall"

// endsWithUs has the kernel kill a program when the tests end without stopping
// it, as they do when they run out of time.
func endsWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
