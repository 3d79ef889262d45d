package synlinksim

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// HTMLPage is a page as a web server that is no PDU shows it, for Fault.Body.
const HTMLPage = "<!DOCTYPE html>\n<html><head><title>Please log in</title></head><body><h1>Please log in</h1></body></html>\n"

// Fault is how a path misbehaves. The zero Fault does not.
type Fault struct {
	// Times is how many requests it is for; 0 is all.
	Times int
	// Delay is waited before anything else, and Until is waited for. While
	// it waits the request counts as one that is being answered.
	Delay time.Duration
	Until <-chan struct{}
	// Reset resets the connection instead of an answer.
	Reset bool
	// Status is answered instead of what was asked for, with Body; 0 is 200
	// where another field asks for an answer of its own.
	Status int
	// Location redirects to a URL, with 302 if there is no Status.
	Location string
	// Body is answered instead of what was asked for; empty, but not nil, is
	// an empty body.
	Body []byte
	// ContentType is Body's; "" is application/json.
	ContentType string
	// Size answers with a JSON array of about so many bytes, whose length
	// is not told beforehand.
	Size int64
	// Half sends half of the body, and then closes the connection.
	Half bool
	// WrongTypes gives every value in the reply a type that it never has.
	WrongTypes bool
}

// SetFault makes a path, as "/api/outlets", misbehave from now on; the zero
// Fault ends that. A fault comes before every check, of who asks, too; /login,
// /api/login and /ws can have one.
func (p *PDU) SetFault(path string, fault Fault) { p.faults.set(path, fault) }

// faults is which path misbehaves how.
type faults struct {
	mu     sync.Mutex
	byPath map[string]*Fault
}

// set replaces the fault of a path.
func (f *faults) set(path string, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.byPath == nil {
		f.byPath = map[string]*Fault{}
	}
	f.byPath[path] = &fault
}

// take is the fault for a request that came now.
func (f *faults) take(path string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fault, ok := f.byPath[path]
	if !ok {
		return Fault{}, false
	}
	taken := *fault
	switch fault.Times {
	case 0:
	case 1:
		delete(f.byPath, path)
	default:
		fault.Times--
	}
	return taken, true
}

// misbehave does as a fault says, and tells whether that was the answer.
func (x *exchange) misbehave(fault Fault) bool {
	if !x.wait(fault) {
		return true
	}
	contentType := fault.ContentType
	if contentType == "" {
		contentType = "application/json"
	}
	status := fault.Status
	if status == 0 {
		status = http.StatusOK
	}
	switch {
	case fault.Reset:
		x.reset()
	case fault.Location != "":
		if fault.Status == 0 {
			status = http.StatusFound
		}
		x.w.Header().Set("Location", fault.Location)
		x.send(status, contentType, fault.Body, false)
	case fault.Size > 0:
		x.flood(status, fault.Size)
	case fault.Body != nil || fault.Status != 0:
		x.send(status, contentType, fault.Body, fault.Half)
	default:
		return false
	}
	return true
}

// wait is the slow part of a fault; it is false where nobody waits any more.
func (x *exchange) wait(fault Fault) bool {
	if fault.Delay > 0 {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-x.r.Context().Done():
			return false
		case <-x.pdu.ctx.Done():
			return false
		}
	}
	if fault.Until != nil {
		select {
		case <-fault.Until:
		case <-x.r.Context().Done():
			return false
		case <-x.pdu.ctx.Done():
			return false
		}
	}
	return true
}

// flood answers with an array of so many bytes, or until the client leaves.
func (x *exchange) flood(status int, size int64) {
	x.w.Header().Set("Content-Type", "application/json")
	x.w.WriteHeader(status)
	x.pdu.counters.add(func(st *Stats) { st.Answers[status]++ })
	part := strings.Repeat(`"plenty",`, 4096)
	begin := "["
	for sent := int64(0); sent < size; sent += int64(len(part)) {
		n, err := x.w.Write([]byte(begin + part))
		x.pdu.counters.add(func(st *Stats) { st.BytesOut += int64(n) })
		if err != nil || x.pdu.ctx.Err() != nil {
			return
		}
		begin = ""
	}
	x.release()
	_, _ = x.w.Write([]byte("0]")) // a client that left needs no answer
}

// reset ends the connection as a device does that has no more room.
func (x *exchange) reset() {
	x.release()
	conn, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	inner := conn
	if secure, ok := inner.(interface{ NetConn() net.Conn }); ok {
		inner = secure.NetConn()
	}
	if c, ok := inner.(*net.TCPConn); ok {
		_ = c.SetLinger(0) // a connection that has ended needs no reset
	}
	_ = inner.Close()
}
