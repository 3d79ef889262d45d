package receiver

import (
	"container/list"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

const (
	// maxConnections is less than the files that a process may usually have
	// open, and more than a fleet opens at a time.
	maxConnections = 8192
	// maxOfOne is how many of them one address may have. A fleet may share one.
	maxOfOne = maxConnections / 2
)

// connections are those of the push listener. One that is one too many takes the
// place of another that is not pushing: of one whose sender has not proved who
// it is, the one that waits longest, or else of one that has pushed before. So
// who connects and says nothing keeps nobody out.
type connections struct {
	limit, limitOfOne int

	mu      sync.Mutex
	guests  map[net.Conn]*guest
	waiting queues
	crowds  map[netip.Prefix]*crowd
}

// guest is one connection.
type guest struct {
	conn   net.Conn
	crowd  *crowd
	known  bool // somebody with a secret has pushed over it
	pushes int  // such pushes that are under way
	// Places among those that wait; nil for one that is pushing.
	inAll, inCrowd *list.Element
}

// crowd is the connections of one address.
type crowd struct {
	address netip.Prefix
	size    int
	waiting queues
}

// queues are connections that are not pushing, the one that waits longest first.
type queues struct{ strangers, known list.List }

// of is the queue that a connection belongs in.
func (q *queues) of(g *guest) *list.List {
	if g.known {
		return &q.known
	}
	return &q.strangers
}

// first is the connection to close before the others; nil if there is none.
func (q *queues) first() *guest {
	for _, queue := range []*list.List{&q.strangers, &q.known} {
		if front := queue.Front(); front != nil {
			return front.Value.(*guest)
		}
	}
	return nil
}

func newConnections(limit, limitOfOne int) *connections {
	return &connections{limit: limit, limitOfOne: limitOfOne, guests: map[net.Conn]*guest{}, crowds: map[netip.Prefix]*crowd{}}
}

// opened takes a new connection in. It is for [http.Server.ConnContext].
func (c *connections) opened(ctx context.Context, conn net.Conn) context.Context {
	g, surplus := c.admit(conn)
	if surplus != nil {
		hangUp(surplus)
	}
	if g == nil {
		return ctx
	}
	return context.WithValue(ctx, guestKey{}, visit{c, g})
}

// changed forgets a connection that was closed. It is for
// [http.Server.ConnState].
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	if state != http.StateClosed && state != http.StateHijacked {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if g := c.guests[conn]; g != nil {
		c.remove(g)
	}
}

// admit gives a connection a place, and says which one to close for it: another
// one, or itself if there is no place for it.
func (c *connections) admit(conn net.Conn) (g *guest, surplus net.Conn) {
	address := site(addressOf(conn.RemoteAddr().String()))
	c.mu.Lock()
	defer c.mu.Unlock()
	var leaves *guest
	own := c.crowds[address]
	switch {
	case own != nil && own.size >= c.limitOfOne:
		if leaves = own.waiting.first(); leaves == nil {
			return nil, conn
		}
	case len(c.guests) >= c.limit:
		if leaves = c.waiting.first(); leaves == nil {
			return nil, conn
		}
	}
	if leaves != nil {
		surplus = leaves.conn
		c.remove(leaves)
	}
	g = &guest{conn: conn, crowd: c.crowd(address)}
	g.crowd.size++
	c.guests[conn] = g
	c.wait(g)
	return g, surplus
}

// crowd is the connections of an address. Guarded by mu.
func (c *connections) crowd(address netip.Prefix) *crowd {
	if c.crowds[address] == nil {
		c.crowds[address] = &crowd{address: address}
	}
	return c.crowds[address]
}

// remove forgets a connection. Guarded by mu.
func (c *connections) remove(g *guest) {
	c.attend(g)
	delete(c.guests, g.conn)
	if g.crowd.size--; g.crowd.size == 0 {
		delete(c.crowds, g.crowd.address)
	}
}

// wait puts a connection at the end of those that wait. Guarded by mu.
func (c *connections) wait(g *guest) {
	g.inAll, g.inCrowd = c.waiting.of(g).PushBack(g), g.crowd.waiting.of(g).PushBack(g)
}

// attend takes a connection out of those that wait. Guarded by mu.
func (c *connections) attend(g *guest) {
	if g.inAll == nil {
		return
	}
	c.waiting.of(g).Remove(g.inAll)
	g.crowd.waiting.of(g).Remove(g.inCrowd)
	g.inAll, g.inCrowd = nil, nil
}

// guestKey is the key of a pass among the values of a context.
type guestKey struct{}

// visit is what a request knows of its connection.
type visit struct {
	connections *connections
	guest       *guest
}

// pushing notes that the sender of a request has proved who it is, so that its
// connection stays until done is called.
func pushing(ctx context.Context) (done func()) {
	p, ok := ctx.Value(guestKey{}).(visit)
	if !ok {
		return func() {}
	}
	c, g := p.connections, p.guest
	c.mu.Lock()
	defer c.mu.Unlock()
	c.attend(g)
	g.known = true
	g.pushes++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if g.pushes--; g.pushes == 0 && c.guests[g.conn] == g {
			c.wait(g)
		}
	}
}

// hangUp closes a connection without saying goodbye, for which TLS might wait.
func hangUp(conn net.Conn) {
	if encrypted, ok := conn.(*tls.Conn); ok {
		conn = encrypted.NetConn()
	}
	_ = conn.Close()
}
