package wire

import (
	"bytes"
	"errors"
	"slices"
	"syscall"
	"testing"
	"time"
)

// socketPair is two sockets that keep packets apart, like a TUN device.
func socketPair(t *testing.T) (near, far int) {
	t.Helper()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_SEQPACKET|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(syscall.Close(pair[0]), syscall.Close(pair[1])); err != nil {
			t.Error(err)
		}
	})
	return pair[0], pair[1]
}

// receive reads a packet from a socket, waiting for it.
func receive(t *testing.T, fd int) []byte {
	t.Helper()
	buffer := make([]byte, 100)
	for {
		n, err := syscall.Read(fd, buffer)
		if err == nil {
			return buffer[:n]
		}
		if !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR) {
			t.Fatal(err)
		}
	}
}

func TestForwarder(t *testing.T) {
	for _, delay := range []time.Duration{0, 3 * time.Millisecond} {
		t.Run(delay.String(), func(t *testing.T) {
			in, from := socketPair(t)
			to, out := socketPair(t)
			var stop [2]int
			if err := syscall.Pipe2(stop[:], syscall.O_CLOEXEC); err != nil {
				t.Fatal(err)
			}
			var taken, delivered [][]byte
			f := &forwarder{
				from: from, to: to, stop: stop[0], delay: delay,
				taken:     func(p []byte) { taken = append(taken, p) },
				delivered: func(p []byte, _ time.Duration) { delivered = append(delivered, p) },
				dropped:   func() { t.Error("a packet was dropped") },
			}
			done := make(chan error)
			go func() { done <- f.run() }()

			const rounds, burst = 20, 3
			var late []time.Duration
			for round := range rounds {
				start := time.Now()
				for i := range burst {
					if _, err := syscall.Write(in, []byte{byte(round), byte(i)}); err != nil {
						t.Fatal(err)
					}
				}
				for i := range burst {
					got := receive(t, out)
					if i == 0 {
						late = append(late, time.Since(start)-delay)
					}
					if want := []byte{byte(round), byte(i)}; !bytes.Equal(got, want) {
						t.Fatalf("got packet %v, want %v", got, want)
					}
				}
			}
			if err := syscall.Close(stop[1]); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if err := syscall.Close(stop[0]); err != nil {
				t.Fatal(err)
			}
			if len(taken) != rounds*burst || len(delivered) != rounds*burst {
				t.Errorf("seen %d taken and %d delivered, want %d", len(taken), len(delivered), rounds*burst)
			}
			slices.Sort(late)
			t.Logf("late by %v to %v, median %v", late[0], late[rounds-1], late[rounds/2])
			if late[0] < 0 {
				t.Errorf("a packet came %v early", -late[0])
			}
			// A busy machine may be late often, not always.
			if late[0] > time.Millisecond {
				t.Errorf("all packets came %v late or more", late[0])
			}
		})
	}
}
