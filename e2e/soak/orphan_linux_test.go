package soak

import "syscall"

// endsWithUs has the kernel kill a program when the test ends without stopping
// it, as it does when it runs out of time.
func endsWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
