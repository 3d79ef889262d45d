package wire

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

// maxPacket is the largest IP packet there can be.
const maxPacket = 1 << 16

// forwarder carries packets one way. One thread reads, holds and writes, so
// that order needs no lock and a packet without delay passes at once.
type forwarder struct {
	from, to  int // file descriptors that do not block, a packet per read and write
	stop      int // file descriptor that is readable when it is time to end
	delay     time.Duration
	taken     func(packet []byte)                     // sees each packet when it is read
	delivered func(packet []byte, late time.Duration) // sees each packet before it is written
	dropped   func()                                  // hears that a packet could not be written

	buffer [maxPacket]byte
	queue  []held // by due time, since the delay is the same for all
}

// held is a packet on its way.
type held struct {
	due    time.Time
	packet []byte
}

// run forwards until stop is readable.
func (f *forwarder) run() error {
	// The timer slack is the thread's. The 50 µs that a thread is given would
	// be added to every delay. A network does not wait for a processor either.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	setTimerSlack(1)
	defer setTimerSlack(0)
	setScheduler(fifo|resetOnFork, 1)
	defer setScheduler(other, 0)
	for {
		f.deliver()
		took, err := f.take()
		if err != nil {
			return err
		}
		if took {
			continue
		}
		stopped, err := f.wait()
		if stopped || err != nil {
			return err
		}
	}
}

// take reads one packet if there is one.
func (f *forwarder) take() (bool, error) {
	n, err := syscall.Read(f.from, f.buffer[:])
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("reading a packet: %w", err)
	}
	packet := append([]byte(nil), f.buffer[:n]...)
	f.taken(packet)
	f.queue = append(f.queue, held{due: time.Now().Add(f.delay), packet: packet})
	return true, nil
}

// deliver writes what is due. A packet that the other end refuses is lost, as
// on any network.
func (f *forwarder) deliver() {
	for len(f.queue) > 0 {
		late, packet := time.Since(f.queue[0].due), f.queue[0].packet
		if late < 0 {
			return
		}
		f.queue = f.queue[1:]
		f.delivered(packet, late)
		if _, err := syscall.Write(f.to, packet); err != nil {
			f.dropped()
		}
	}
}

// wait returns when there is something to read or to deliver, or to stop. A
// timer of Go's would be late by up to the millisecond that epoll_wait counts
// in; select is exact to the microsecond.
func (f *forwarder) wait() (stopped bool, err error) {
	var timeout *syscall.Timeval
	if len(f.queue) > 0 {
		tv := syscall.NsecToTimeval(max(0, time.Until(f.queue[0].due)).Nanoseconds())
		timeout = &tv
	}
	var readable syscall.FdSet
	addFD(&readable, f.from)
	addFD(&readable, f.stop)
	n, err := syscall.Select(max(f.from, f.stop)+1, &readable, nil, nil, timeout)
	switch {
	case errors.Is(err, syscall.EINTR):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("waiting for a packet: %w", err)
	}
	return n > 0 && hasFD(&readable, f.stop), nil
}

// setTimerSlack lets the kernel wake this thread that many nanoseconds late;
// 0 is what it was born with.
func setTimerSlack(ns uintptr) {
	// Refused at worst, which costs precision and breaks nothing.
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_TIMERSLACK, ns, 0)
}

// Scheduling policies of sched(7), which package syscall does not name.
const (
	other       = 0
	fifo        = 1
	resetOnFork = 0x40000000
)

// setScheduler gives this thread a scheduling policy and a priority in it.
func setScheduler(policy uintptr, priority int32) {
	// Refused at worst, which costs precision on a busy machine and breaks
	// nothing. The parameters are sched_param, which is the priority alone.
	_, _, _ = syscall.RawSyscall(syscall.SYS_SCHED_SETSCHEDULER, 0, policy,
		uintptr(unsafe.Pointer(&priority))) //nolint:gosec // the system call takes a pointer
}

// addFD puts a file descriptor below FD_SETSIZE into a set.
func addFD(set *syscall.FdSet, fd int) {
	word := syscall.FD_SETSIZE / len(set.Bits)
	set.Bits[fd/word] |= 1 << (fd % word)
}

// hasFD says whether a file descriptor below FD_SETSIZE is in a set.
func hasFD(set *syscall.FdSet, fd int) bool {
	word := syscall.FD_SETSIZE / len(set.Bits)
	return set.Bits[fd/word]&(1<<(fd%word)) != 0
}
