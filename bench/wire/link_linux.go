package wire

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Options describe a link.
type Options struct {
	Delay time.Duration // one way, either way; half of the round-trip time
}

// Link is a link between this process and a network namespace. Its methods may
// be called from several goroutines.
type Link struct {
	name  string // of the namespace, and the stem of the devices
	ip    string // path of iproute2's command
	plan  plan
	delay time.Duration
	tap   *tap

	devices    [2]int // file descriptors by Side
	stop       [2]int // a pipe; closing its writing end, the second, ends the forwarders
	forwarders sync.WaitGroup
	added      bool     // the namespace is there and is ours
	failed     [2]error // of the forwarders, by the side they read from

	closing sync.Once
	closed  error
}

// New makes a link. It exists until Close, or until the process ends; a process
// that is killed leaves the empty namespace behind (ip netns delete).
func New(ctx context.Context, options Options) (*Link, error) {
	if err := checkTUN(); err != nil {
		return nil, err
	}
	ip, err := exec.LookPath("ip")
	if err != nil {
		return nil, fmt.Errorf("a link needs the ip command (Debian package iproute2): %w", err)
	}
	plan, devices, err := claim()
	if err != nil {
		return nil, err
	}
	l := &Link{
		name:    plan.name(),
		ip:      ip,
		plan:    plan,
		delay:   options.Delay,
		tap:     newTap(time.Now),
		devices: devices,
	}
	if err := l.start(ctx); err != nil {
		return nil, errors.Join(err, l.Close()) //nolint:contextcheck // what was made must go even when ctx is done
	}
	return l, nil
}

// start sets the network up and forwards.
func (l *Link) start(ctx context.Context) error {
	l.stop = [2]int{-1, -1}
	if err := syscall.Pipe2(l.stop[:], syscall.O_CLOEXEC); err != nil {
		return fmt.Errorf("making a pipe: %w", err)
	}
	for _, fd := range []int{l.devices[Client], l.devices[Server], l.stop[0]} {
		if fd >= syscall.FD_SETSIZE {
			return fmt.Errorf("a link needs file descriptors below %d: this process has too many open", syscall.FD_SETSIZE)
		}
	}
	if err := l.run(ctx, "netns", "add", l.name); err != nil {
		return err
	}
	l.added = true
	for _, args := range l.plan.commands() {
		if err := l.run(ctx, args...); err != nil {
			return err
		}
	}
	l.forward(Client, Server)
	l.forward(Server, Client)
	return nil
}

// forward carries packets from one side to the other until the link closes.
func (l *Link) forward(from, to Side) {
	f := &forwarder{
		from: l.devices[from], to: l.devices[to], stop: l.stop[0],
		delay: l.delay, dropped: l.tap.drop,
	}
	// Seen from the client: its packets when they leave it, the server's when
	// they reach it.
	if from == Client {
		f.taken = func(packet []byte) { l.tap.see(from, packet) }
		f.delivered = func(_ []byte, late time.Duration) { l.tap.touch(late) }
	} else {
		f.taken = func([]byte) { l.tap.touch(0) }
		f.delivered = func(packet []byte, late time.Duration) {
			l.tap.touch(late)
			l.tap.see(from, packet)
		}
	}
	l.forwarders.Go(func() { l.failed[from] = f.run() })
}

// ClientAddr is the address of this process on the link.
func (l *Link) ClientAddr() netip.Addr { return l.plan.addr(Client) }

// ServerAddr is the address of the namespace on the link.
func (l *Link) ServerAddr() netip.Addr { return l.plan.addr(Server) }

// Delay is the one-way delay.
func (l *Link) Delay() time.Duration { return l.delay }

// Command prepares a command that runs on one side of the link and is killed
// when ctx is done, like [exec.CommandContext]. What still runs in the
// namespace when the link closes is killed.
func (l *Link) Command(ctx context.Context, side Side, name string, args ...string) *exec.Cmd {
	if side == Server {
		args = append([]string{"netns", "exec", l.name, name}, args...)
		name = l.ip
	}
	return exec.CommandContext(ctx, name, args...) //nolint:gosec // running what the caller says is what it is for
}

// Stats returns what has passed since the link was made or last reset.
func (l *Link) Stats() Stats { return l.tap.stats() }

// Reset forgets what has passed. A connection that stays open counts anew with
// its next packet. A packet on its way counts when it arrives: see Quiet.
func (l *Link) Reset() { l.tap.reset() }

// Quiet returns when no packet has moved for the duration and none is on its
// way, or with the error of ctx. A delayed ACK takes 40 ms.
func (l *Link) Quiet(ctx context.Context, d time.Duration) error {
	for {
		rest := d + l.delay - l.tap.idle()
		if rest <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for a quiet link: %w", ctx.Err())
		case <-time.After(rest):
		}
	}
}

// Close ends the link and removes its devices, the namespace and what still
// runs in it. Further calls return the same error.
func (l *Link) Close() error {
	l.closing.Do(func() { l.closed = l.close() })
	return l.closed
}

// close undoes what was done, however far that came.
func (l *Link) close() error {
	var errs []error
	closeFD := func(fd int) {
		if fd >= 0 {
			errs = append(errs, syscall.Close(fd))
		}
	}
	closeFD(l.stop[1])
	l.forwarders.Wait()
	errs = append(errs, l.failed[:]...)
	closeFD(l.stop[0])
	closeFD(l.devices[Client])
	closeFD(l.devices[Server])
	if l.added {
		errs = append(errs, l.removeNamespace())
	}
	return errors.Join(errs...)
}
