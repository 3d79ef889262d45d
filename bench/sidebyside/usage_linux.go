package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// cpuTime is the CPU time that all threads of a process have used, those that
// have ended included. /proc/<pid>/stat has the same, but in hundredths of a
// second.
func cpuTime(pid int) (time.Duration, error) {
	const scheduled = 2 // CPUCLOCK_SCHED: exact, as clock_getcpuclockid(3) asks for
	var used syscall.Timespec
	_, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(^pid<<3|scheduled),
		uintptr(unsafe.Pointer(&used)), 0) //nolint:gosec // the system call takes a pointer
	if errno != 0 {
		return 0, fmt.Errorf("reading the CPU time of process %d: %w", pid, errno)
	}
	return time.Duration(used.Nano()), nil
}

// peakMemory is the most memory of a process that was resident, in bytes.
func peakMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return highWater(string(status))
}

// highWater finds VmHWM in a status of proc(5).
func highWater(status string) (int64, error) {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("no VmHWM in %q", status)
}
