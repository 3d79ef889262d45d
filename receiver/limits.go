package receiver

import (
	"container/list"
	"hash/maphash"
	"net/netip"
	"slices"
	"sync"
	"time"
)

var (
	// refusalRate is how many refused requests of an address are answered with
	// the reason.
	refusalRate = rate{burst: 100, each: time.Second}
	// guessRate is how many different wrong secrets an address may try.
	guessRate = rate{burst: 30, each: 10 * time.Second}
	// toldRate is how many refused pushes of an address are worth a warning, and
	// toldOfAll how many of all addresses.
	toldRate  = rate{burst: 1, each: 15 * time.Minute}
	toldOfAll = rate{burst: 20, each: time.Minute}
)

const (
	// maxAddresses bounds the memory that requests from ever new addresses take
	// to about 5 MB.
	maxAddresses = 1 << 14
	// recentGuesses is how many wrong secrets of an address are remembered.
	recentGuesses = 8
)

// Limiter limits what clients can do that are refused, by address. It never
// counts a request that was not.
//
// A whole fleet may share one address, so that one device in it which is set up
// wrongly and tries for ever must not cost the others anything: after many
// refused requests only those that are refused anyway are answered with 429.
// Only many different wrong secrets, which is somebody who guesses, make the
// whole address wait: if the right one were let through, guessing would go on.
// Not so a right one that nobody can guess, which has nothing to lose.
//
// Addresses of IPv6 are taken together by /64, which is what one site has.
type Limiter struct {
	seed maphash.Seed

	mu      sync.Mutex
	clients map[netip.Prefix]*list.Element
	recent  *list.List // of *client, the most recently refused first
	told    bucket
}

// client is an address that had requests refused.
type client struct {
	address  netip.Prefix
	refusals bucket
	guesses  bucket
	told     bucket
	guessed  [recentGuesses]uint64 // hashes of the last wrong secrets
	next     int                   // the oldest of them
}

// NewLimiter is a limiter that knows no address.
func NewLimiter() *Limiter {
	return &Limiter{seed: maphash.MakeSeed(), clients: map[netip.Prefix]*list.Element{}, recent: list.New()}
}

// Blocked is how long the address has to wait before it may send anything that
// can be guessed; 0 if it need not.
func (l *Limiter) Blocked(address netip.Addr) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	element := l.clients[site(address)]
	if element == nil {
		return 0
	}
	return element.Value.(*client).guesses.wait(time.Now(), guessRate)
}

// Refused counts a request that was refused. It is how long the address should
// wait before the next one; 0 if it need not.
func (l *Limiter) Refused(address netip.Addr) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait, _ := l.client(address).refusals.take(time.Now(), refusalRate)
	return wait
}

// Guessed counts a request that was refused because of a wrong secret, beside
// Refused.
func (l *Limiter) Guessed(address netip.Addr, secret string) {
	hash := maphash.String(l.seed, secret)
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.client(address)
	if slices.Contains(c.guessed[:], hash) {
		return
	}
	c.guessed[c.next] = hash
	c.next = (c.next + 1) % recentGuesses
	c.guesses.take(time.Now(), guessRate)
}

// Tell reports whether a refused push of the address is worth a warning: the
// first of a while is. Anybody can cause them, and must not fill a disk.
func (l *Limiter) Tell(address netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	told := &l.client(address).told
	if told.wait(now, toldRate) > 0 {
		return false
	}
	if _, ok := l.told.take(now, toldOfAll); !ok {
		return false
	}
	told.take(now, toldRate)
	return true
}

// client is what is known of an address. The one that was refused the longest
// time ago makes room for it. Guarded by mu.
func (l *Limiter) client(address netip.Addr) *client {
	key := site(address)
	element := l.clients[key]
	if element == nil {
		element = l.recent.PushFront(&client{address: key})
		l.clients[key] = element
	} else {
		l.recent.MoveToFront(element)
	}
	if l.recent.Len() > maxAddresses {
		oldest := l.recent.Remove(l.recent.Back()).(*client)
		delete(l.clients, oldest.address)
	}
	return element.Value.(*client)
}

// site is an address of IPv4, or the network of one of IPv6.
func site(address netip.Addr) netip.Prefix {
	address = address.Unmap().WithZone("")
	bits := 64
	if address.Is4() {
		bits = 32
	}
	prefix, _ := address.Prefix(bits) // the zero one for no address
	return prefix
}
