//go:build wire

package wire

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// serveEnv makes this test binary the server of a link: it holds the address
// to listen on.
const serveEnv = "WIRE_TEST_SERVE"

func TestMain(m *testing.M) {
	if addr := os.Getenv(serveEnv); addr != "" {
		if err := serve(addr); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// serve echoes lines until it is killed, and says "ready" on stdout once it
// can be dialled.
func serve(addr string) error {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(os.Stdout, "ready\n"); err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			_, copyErr := io.Copy(conn, conn)
			if err := errors.Join(copyErr, conn.Close()); err != nil {
				panic(err)
			}
		}()
	}
}

// newLink makes a link with an echo server on it and returns the server's
// address and its end.
func newLink(t *testing.T, delay time.Duration) (*Link, string, <-chan error) {
	t.Helper()
	link, err := New(t.Context(), Options{Delay: delay})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := link.Close(); err != nil {
			t.Error(err)
		}
	})
	addr := netip.AddrPortFrom(link.ServerAddr(), 7).String()
	cmd := link.Command(t.Context(), Server, os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"="+addr)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		t.Fatalf("the server said %q: %v", line, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return link, addr, ended
}

func TestLink(t *testing.T) {
	for _, delay := range []time.Duration{0, 10 * time.Millisecond} {
		t.Run(delay.String(), func(t *testing.T) {
			link, addr, _ := newLink(t, delay)
			const rounds = 30
			var connects, turns []time.Duration
			for range rounds {
				connect, turn := exchange(t, addr)
				connects, turns = append(connects, connect), append(turns, turn)
			}
			if err := link.Quiet(t.Context(), 60*time.Millisecond); err != nil {
				t.Fatal(err)
			}
			stats := link.Stats()
			if stats.Dropped != 0 || stats.Other != 0 {
				t.Errorf("dropped %d packets and saw %d others, want none", stats.Dropped, stats.Other)
			}
			if len(stats.Conns) != rounds {
				t.Fatalf("%d connections, want %d: %+v", len(stats.Conns), rounds, stats.Conns)
			}
			for _, c := range stats.Conns {
				if c.RoundTrips != 2 || c.SYNs != 1 || !c.Closed || c.Client.Addr() != link.ClientAddr() ||
					c.ToServer.Bytes != 12 || c.ToServer.Lines != 2 || c.ToClient.Bytes != 12 {
					t.Errorf("connection %+v", c)
				}
			}
			checkDelay(t, "connecting", connects, 2*delay)
			checkDelay(t, "a turn", turns, 2*delay)
		})
	}
}

// exchange has two lines echoed over a connection of its own and returns the
// time to connect and the time until both were back.
func exchange(t *testing.T, addr string) (connect, turn time.Duration) {
	t.Helper()
	start := time.Now()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	connect = time.Since(start)
	if _, err := io.WriteString(conn, "first\nlast.\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 12)); err != nil {
		t.Fatal(err)
	}
	turn = time.Since(start) - connect
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	return connect, turn
}

// checkDelay compares the shortest with the round-trip time of the link.
func checkDelay(t *testing.T, what string, took []time.Duration, rtt time.Duration) {
	t.Helper()
	slices.Sort(took)
	t.Logf("%s: %v to %v, median %v", what, took[0], took[len(took)-1], took[len(took)/2])
	// A busy machine may take longer often, not always.
	if took[0] < rtt || took[0] > rtt+time.Millisecond {
		t.Errorf("%s took %v or more, want the round-trip time %v", what, took[0], rtt)
	}
}

func TestTwoLinks(t *testing.T) {
	a, addrA, _ := newLink(t, 0)
	b, addrB, _ := newLink(t, 0)
	if a.ServerAddr() == b.ServerAddr() {
		t.Fatalf("both links have the server at %v", a.ServerAddr())
	}
	exchange(t, addrA)
	exchange(t, addrB)
	for _, link := range []*Link{a, b} {
		if n := len(link.Stats().Conns); n != 1 {
			t.Errorf("%d connections on %v, want 1", n, link.ServerAddr())
		}
	}
}

func TestCloseRemovesAll(t *testing.T) {
	link, addr, ended := newLink(t, 0)
	exchange(t, addr)
	name := link.name
	if err := link.Close(); err != nil {
		t.Fatal(err)
	}
	if err := link.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	for _, device := range []string{name + "c", name + "s"} {
		if _, err := net.InterfaceByName(device); err == nil {
			t.Errorf("device %s is still there", device)
		}
	}
	if _, err := os.Lstat(filepath.Join(namespaces, name)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the namespace is still there: %v", err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the server ended by itself, want it killed")
		}
	case <-time.After(5 * time.Second):
		t.Error("the server still runs")
	}
}
