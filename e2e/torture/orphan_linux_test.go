package torture

import "syscall"

// endsWithUs has a program killed when the thread that started it ends.
func endsWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
