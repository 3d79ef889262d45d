package program

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// FreeAddress is an address of this machine, as host:port, on which nobody
// listens, for a program that cannot choose one itself, or that is started again
// on the same one.
func FreeAddress(t *testing.T) string {
	t.Helper()
	return address(FreePorts(t, 1))
}

// FreePorts is the first of so many ports in a row of this machine on which
// nobody listens. They are below those that the kernel gives to whoever asks for
// any, and to connections, so they are likely to stay free.
func FreePorts(t *testing.T, n int) int {
	t.Helper()
	var config net.ListenConfig
	for range 1000 {
		first := 15000 + rand.IntN(15000) //nolint:gosec // that it can be guessed does no harm
		free := 0
		for ; free < n; free++ {
			l, err := config.Listen(t.Context(), "tcp", address(first+free))
			if err != nil {
				break
			}
			_ = l.Close()
		}
		if free == n {
			return first
		}
	}
	t.Fatalf("no %d ports in a row are free", n)
	return 0
}

// address is the address of a port of this machine.
func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
