package receiver

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"power_exporter/internal/pipenet"
)

// exchange sends a request and reads the status of the answer; 0 for none.
func exchange(conn net.Conn, request string) int {
	if _, err := io.WriteString(conn, request); err != nil {
		return 0
	}
	return status(conn)
}

// status reads the status of an answer, and the answer.
func status(conn net.Conn) int {
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response.StatusCode
}

// isOpen reports whether the server has left a connection open on which nothing
// is to be read.
func isOpen(conn net.Conn) bool {
	closed := make(chan struct{})
	go func() {
		_, _ = conn.Read(make([]byte, 1))
		close(closed)
	}()
	synctest.Wait()
	select {
	case <-closed:
		return false
	default:
		return true
	}
}

// post is a whole request.
func post(target, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: exporter\r\nContent-Length: %d\r\n\r\n%s", target, len(body), body)
}

// guests is a server with few places.
type guests struct {
	*pipenet.Listener
	connections *connections
	goOn        chan struct{} // if not nil, each push takes one
}

// invite is a server with so many places.
func invite(t *testing.T, limit, limitOfOne int) *guests {
	t.Helper()
	g := &guests{connections: newConnections(limit, limitOfOne)}
	e := fakeEndpoint(t, nil)
	e.Accept = func(context.Context, Push) ([]byte, error) {
		if g.goOn != nil {
			<-g.goOn
		}
		return []byte("{}"), nil
	}
	g.Listener = pipenet.Serve(t, newServer(newFixture(t, e), g.connections, quiet()))
	return g
}

// TestSilentConnections shows that who takes all places and does not push keeps
// nobody out, whatever else is sent.
func TestSilentConnections(t *testing.T) {
	t.Parallel()
	head, _, _ := strings.Cut(post(good, "{}"), "\r\n\r\n")
	for name, send := range map[string]string{
		"nothing":            "",
		"half a head":        head,
		"no body, no secret": "POST /api/setUpsData HTTP/1.1\r\nHost: exporter\r\nContent-Length: 100\r\n\r\n",
		"no body, no path":   "POST / HTTP/1.1\r\nHost: exporter\r\nContent-Length: 100\r\n\r\n",
		"a refused push":     post("/api/setUpsData?companyId=guess", "{}"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := invite(t, 4, 4)
				var silent []net.Conn
				for range 4 {
					conn := g.Dial()
					if send != "" {
						go func() {
							_, _ = io.WriteString(conn, send)
							_, _ = io.Copy(io.Discard, conn)
						}()
						synctest.Wait()
					}
					silent = append(silent, conn)
				}
				for range 3 {
					conn := g.Dial()
					if got := exchange(conn, post(good, "{}")); got != http.StatusOK {
						t.Errorf("a push is answered with %d", got)
					}
					_ = conn.Close()
					synctest.Wait()
				}
				if open := len(g.connections.guests); open != 3 {
					t.Errorf("%d connections are open, want 3: one had to make room", open)
				}
				if _, err := silent[0].Write([]byte("x")); err == nil {
					t.Error("the oldest is still open")
				}
				for _, conn := range silent {
					_ = conn.Close()
				}
				synctest.Wait()
				if n, m := len(g.connections.guests), len(g.connections.crowds); n != 0 || m != 0 {
					t.Errorf("%d connections of %d addresses are left", n, m)
				}
			})
		})
	}
}

// TestEightThousandSilentConnections takes all places there really are.
func TestEightThousandSilentConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := pipenet.Serve(t, NewServer(newFixture(t, fakeEndpoint(t, openOn(t, newMemory(), Options{}))), quiet()))
		var all []net.Conn
		for i := range maxConnections + 100 {
			all = append(all, p.DialFrom(fmt.Sprintf("10.0.%d.%d", i/256%256, i%256)))
		}
		synctest.Wait()
		for range 100 {
			conn := p.DialFrom("192.0.2.1")
			if got := exchange(conn, post(good, `{"volts":1}`)); got != http.StatusOK {
				t.Fatalf("a push is answered with %d", got)
			}
			all = append(all, conn)
		}
		for _, conn := range all {
			_ = conn.Close()
		}
	})
}

// TestWhoStays is who keeps his place when there are too many.
func TestWhoStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := invite(t, 4, 3)
		open := func(conns ...net.Conn) (all []bool) {
			for _, conn := range conns {
				all = append(all, isOpen(conn))
			}
			return all
		}
		expect := func(what string, got []bool, want ...bool) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: open are %v, want %v", what, got, want)
			}
		}
		known := g.DialFrom("192.0.2.1")
		if got := exchange(known, post(good, "{}")); got != http.StatusOK {
			t.Errorf("a push is answered with %d", got)
		}
		g.goOn = make(chan struct{})
		pushing := g.DialFrom("192.0.2.2")
		pushed := make(chan int)
		go func() { pushed <- exchange(pushing, post(good, "{}")) }()
		synctest.Wait()
		first, second := g.DialFrom("192.0.2.3"), g.DialFrom("192.0.2.4")
		third := g.DialFrom("192.0.2.5")
		expect("a fifth one", open(known, first, second, third), true, false, true, true)
		fourth, fifth := g.DialFrom("192.0.2.6"), g.DialFrom("192.0.2.7")
		expect("strangers go first", open(known, second, third, fourth, fifth), true, false, false, true, true)

		var more []net.Conn
		for _, from := range []string{"192.0.2.8", "192.0.2.9"} {
			conn := g.DialFrom(from)
			more = append(more, conn)
			go func() { pushed <- exchange(conn, post(good, "{}")) }()
			synctest.Wait()
		}
		expect("then all are pushing but one", open(known, fourth, fifth), true, false, false)
		last := g.DialFrom("192.0.2.10")
		go func() { pushed <- exchange(last, post(good, "{}")) }()
		expect("then those who have pushed", open(known), false)
		expect("then nobody makes room", open(g.DialFrom("192.0.2.11")), false)
		for range 4 {
			g.goOn <- struct{}{}
			if got := <-pushed; got != http.StatusOK {
				t.Errorf("a push is answered with %d", got)
			}
		}
		for _, conn := range append(more, pushing, last) {
			_ = conn.Close()
		}
	})
}

// TestOneAddress shows that one address cannot take all places, and that who
// shares it gets one all the same.
func TestOneAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := invite(t, 10, 3)
		other := g.DialFrom("192.0.2.1")
		var same []net.Conn
		for i := range 6 {
			same = append(same, g.DialFrom(fmt.Sprintf("2001:db8::%d", i+1)))
		}
		honest := g.DialFrom("2001:db8::7")
		if got := exchange(honest, post(good, "{}")); got != http.StatusOK {
			t.Errorf("a push is answered with %d", got)
		}
		var open []bool
		for _, conn := range append(same, other) {
			open = append(open, isOpen(conn))
		}
		if want := []bool{false, false, false, false, true, true, true}; !slices.Equal(open, want) {
			t.Errorf("open are %v, want %v", open, want)
		}
		for _, conn := range append(same, other, honest) {
			_ = conn.Close()
		}
	})
}

// fakeConn is a connection of which only address and name count.
type fakeConn struct {
	net.Conn
	address string
}

func (f *fakeConn) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(f.address), 49152))
}

// TestConnectionsAddUp opens, uses and closes connections at random.
func TestConnectionsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		const limit, limitOfOne = 6, 3
		c := newConnections(limit, limitOfOne)
		type caller struct {
			conn *fakeConn
			ctx  context.Context
			done []func()
			gone bool
		}
		var all []*caller
		// some does something with one of them, if anybody is there.
		some := func(do func(*caller)) func(*rapid.T) {
			return func(r *rapid.T) {
				if len(all) > 0 {
					do(rapid.SampledFrom(all).Draw(r, "visit"))
				}
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"open": func(r *rapid.T) {
				v := &caller{conn: &fakeConn{address: fmt.Sprintf("192.0.2.%d", rapid.IntRange(1, 4).Draw(r, "address"))}}
				g, surplus := c.admit(v.conn)
				if g == nil {
					if surplus != net.Conn(v.conn) {
						r.Fatal("it got no place, and another one is closed")
					}
					return
				}
				v.ctx = context.WithValue(context.Background(), guestKey{}, visit{c, g})
				for _, other := range all {
					if surplus == net.Conn(other.conn) {
						if len(other.done) > 0 || other.gone {
							r.Fatal("one is closed that is pushing, or closed already")
						}
						other.gone = true
					}
				}
				all = append(all, v)
			},
			"close": some(func(v *caller) {
				c.changed(v.conn, http.StateClosed)
				v.gone = true
			}),
			"push": some(func(v *caller) {
				if len(v.done) < 3 {
					v.done = append(v.done, pushing(v.ctx))
				}
			}),
			"pushed": some(func(v *caller) {
				if len(v.done) > 0 {
					v.done[0]()
					v.done = v.done[1:]
				}
			}),
			"": func(r *rapid.T) {
				there, waiting, crowds := 0, 0, map[string]int{}
				for _, v := range all {
					if !v.gone {
						there++
						crowds[v.conn.address]++
						if len(v.done) == 0 {
							waiting++
						}
					}
				}
				inCrowds := 0
				for address, own := range c.crowds {
					if own.size != crowds[address.Addr().String()] || own.size > limitOfOne {
						r.Fatalf("%d connections of %s are counted, want %d", own.size, address, crowds[address.Addr().String()])
					}
					inCrowds += own.waiting.strangers.Len() + own.waiting.known.Len()
				}
				queued := c.waiting.strangers.Len() + c.waiting.known.Len()
				if len(c.guests) != there || there > limit || queued != waiting || inCrowds != waiting || len(c.crowds) != len(crowds) {
					r.Fatalf("%d connections, %d waiting, %d by address, of %d addresses; want %d, %d, %d", len(c.guests), queued, inCrowds, len(c.crowds), there, waiting, len(crowds))
				}
			},
		})
	})
}

// TestConnectionsOverTLS pushes over HTTP/2, where one connection has many pushes
// at a time, among connections that do not even begin with TLS.
func TestConnectionsOverTLS(t *testing.T) {
	t.Parallel()
	c := newConnections(3, 3)
	inside, goOn := make(chan struct{}), make(chan struct{})
	e := fakeEndpoint(t, nil)
	e.Accept = func(context.Context, Push) ([]byte, error) {
		inside <- struct{}{}
		<-goOn
		return []byte("{}"), nil
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = newServer(newFixture(t, e), c, quiet())
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	silent := func() net.Conn {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	first := silent()
	defer first.Close()
	done := make(chan string)
	for range 2 {
		go func() {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+good, strings.NewReader("{}"))
			if err != nil {
				done <- err.Error()
				return
			}
			response, err := server.Client().Do(request)
			if err != nil {
				done <- err.Error()
				return
			}
			_ = response.Body.Close()
			done <- response.Proto + " " + response.Status
		}()
		<-inside
	}
	for range 5 { // they push one another out, and not who pushes
		conn := silent()
		defer conn.Close()
	}
	if _, err := first.Read(make([]byte, 1)); err == nil {
		t.Error("a silent connection was told something")
	}
	goOn <- struct{}{}
	goOn <- struct{}{}
	for range 2 {
		if got := <-done; got != "HTTP/2.0 200 OK" {
			t.Errorf("a push is answered with %s", got)
		}
	}
}

// TestConnectionsAtOnce lets many connect and push over HTTP at the same time,
// with fewer places than there are.
func TestConnectionsAtOnce(t *testing.T) {
	t.Parallel()
	c := newConnections(20, 20)
	e := fakeEndpoint(t, nil)
	e.Accept = func(context.Context, Push) ([]byte, error) { return []byte("{}"), nil }
	p := pipenet.Serve(t, newServer(newFixture(t, e), c, quiet()))
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			for i := range 40 {
				conn := p.Dial()
				if i%2 == 0 {
					exchange(conn, post(good, "{}")) // which may have been closed
				}
				_ = conn.Close()
			}
		})
	}
	wait.Wait()
	conn := p.Dial()
	if got := exchange(conn, post(good, "{}")); got != http.StatusOK {
		t.Errorf("a push is answered with %d", got)
	}
	_ = conn.Close()
}
