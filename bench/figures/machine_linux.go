package figures

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
)

// Machine says on what is measured: kernel, congestion control, processors, and
// the Go that this program was built with.
func Machine() (string, error) {
	kernel, err := procLine("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	congestion, err := procLine("/proc/sys/net/ipv4/tcp_congestion_control")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Linux %s (%s), %d CPUs, %s", kernel, congestion, runtime.NumCPU(), runtime.Version()), nil
}

// procLine reads a file of one line.
func procLine(path string) (string, error) {
	text, err := os.ReadFile(path) //nolint:gosec // constants
	return string(bytes.TrimSpace(text)), err
}
