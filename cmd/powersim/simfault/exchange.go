package simfault

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody is the longest body of a request that is kept while a fault waits.
const maxBody = 1 << 20

// exchange is one request and an answer that is not as it should be.
type exchange struct {
	w     http.ResponseWriter
	r     *http.Request
	fault Fault
	end   <-chan struct{}
}

// answer does as the fault says. It panics with http.ErrAbortHandler, which the
// server knows, where the connection is to end early.
func (x *exchange) answer(next http.Handler) {
	x.wait()
	fault := x.fault
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
		Reset(x.w)
	case fault.Location != "":
		if fault.Status == 0 {
			status = http.StatusFound
		}
		x.w.Header().Set("Location", fault.Location)
		x.w.Header().Set("Content-Type", contentType)
		x.send(status, fault.Body, false)
	case fault.Size > 0:
		x.flood(status, fault.Size)
	case fault.Body != nil || fault.Status != 0:
		x.w.Header().Set("Content-Type", contentType)
		x.send(status, fault.Body, fault.Half)
	case fault.Half || fault.WrongTypes:
		x.spoil(next)
	default:
		next.ServeHTTP(x.w, x.r)
	}
}

// wait is the slow part of a fault. It aborts the request where nobody waits
// for an answer any more.
func (x *exchange) wait() {
	if x.fault.Delay <= 0 && x.fault.Until == nil {
		return
	}
	// The server sees a client that leaves only once it has the whole body.
	if body, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, maxBody)); err == nil {
		x.r.Body = io.NopCloser(bytes.NewReader(body))
	} else {
		panic(http.ErrAbortHandler)
	}
	if x.fault.Delay > 0 {
		timer := time.NewTimer(x.fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-x.r.Context().Done():
			panic(http.ErrAbortHandler)
		case <-x.end:
			panic(http.ErrAbortHandler)
		}
	}
	if x.fault.Until != nil {
		select {
		case <-x.fault.Until:
		case <-x.r.Context().Done():
			panic(http.ErrAbortHandler)
		case <-x.end:
			panic(http.ErrAbortHandler)
		}
	}
}

// spoil answers with half of what next says, or with other types.
func (x *exchange) spoil(next http.Handler) {
	said := &recorder{ResponseWriter: x.w, status: http.StatusOK}
	next.ServeHTTP(said, x.r)
	body, half := said.body.Bytes(), x.fault.Half
	if said.status < 200 || said.status > 299 {
		x.send(said.status, body, false)
		return
	}
	if x.fault.WrongTypes {
		body = wrongTypes(body)
	}
	x.send(said.status, body, half)
}

// send writes an answer, or half of it and then no more.
func (x *exchange) send(status int, body []byte, half bool) {
	x.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(status)
	if !half {
		_, _ = x.w.Write(body) // a client that left needs no answer
		return
	}
	_, _ = x.w.Write(body[:len(body)/2])
	_ = http.NewResponseController(x.w).Flush()
	panic(http.ErrAbortHandler)
}

// flood answers with an array of so many bytes, or until the client leaves.
func (x *exchange) flood(status int, size int64) {
	x.w.Header().Set("Content-Type", "application/json")
	x.w.WriteHeader(status)
	part := strings.Repeat(`"plenty",`, 4096)
	begin := "["
	for sent := int64(0); sent < size; sent += int64(len(part)) {
		select {
		case <-x.end:
			panic(http.ErrAbortHandler)
		default:
		}
		if _, err := io.WriteString(x.w, begin+part); err != nil {
			return
		}
		begin = ""
	}
	_, _ = io.WriteString(x.w, "0]") // a client that left needs no answer
}

// Reset ends the connection of a request without an answer, as a device does that
// has no more room. Where the connection cannot be taken over it panics with
// http.ErrAbortHandler.
func Reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn()
	}
	if c, ok := conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0) // a connection that has ended needs no reset
	}
	_ = conn.Close()
}

// recorder keeps an answer instead of sending it. Its header is that of the
// answer that is sent.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader keeps the status.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write keeps a part of the body.
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
