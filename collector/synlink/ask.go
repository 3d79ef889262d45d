package synlink

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
)

// atATime is how many requests one reading makes at a time. A PDU's web server
// is small.
const atATime = 2

// answer is the outcome of one request.
type answer struct {
	endpoint string
	body     []byte
	err      error
}

// ask makes the requests of a reading that began at begun, some at a time, and
// no more once the next cannot fare better. The answers are in the order of the
// endpoints.
func (c *Collector) ask(ctx context.Context, begun time.Time, endpoints []string) (answers []answer, unasked []string) {
	var mu sync.Mutex
	found := make([]*answer, len(endpoints))
	next, stop := 0, false
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		if stop || next == len(endpoints) {
			return -1
		}
		next++
		return next - 1
	}
	var all sync.WaitGroup
	for range min(atATime, len(endpoints)) {
		all.Go(func() {
			for i := take(); i >= 0; i = take() {
				var r rest.Response
				err := collector.Guard(ctx, func() (err error) {
					r, err = c.access.get(ctx, begun, "/api/"+endpoints[i])
					return err
				})
				mu.Lock()
				found[i] = &answer{endpoints[i], r.Body, err}
				stop = stop || ctx.Err() != nil || hopeless(err)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for i, a := range found {
		if a == nil {
			unasked = append(unasked, endpoints[i])
			continue
		}
		answers = append(answers, *a)
	}
	return answers, unasked
}

// hopeless reports whether other requests would fail alike: there is no
// connection, or no session.
func hopeless(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return untrusted || errors.Is(err, errLogIn)
}
