package synlink

import (
	"context"
	"errors"
	"sync"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/internal/synlink"
)

// atATime is how many requests one reading makes at a time. A PDU's web server
// is small.
const atATime = 2

// answer is the outcome of one request.
type answer struct {
	endpoint string
	err      error
}

// odd is an error of an answer that came, and makes no sense.
type odd struct{ error }

// Unwrap gives what is wrong with it.
func (o odd) Unwrap() error { return o.error }

// ask makes the requests of a reading that began at begun, some at a time, and
// no more once the next cannot fare better. What the PDU answers goes into the
// readings. The answers are in the order of the endpoints.
func (c *Collector) ask(ctx context.Context, begun time.Time, endpoints []string, readings *synlink.Readings) (answers []answer, unasked []string) {
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
				err := collector.Guard(ctx, func() error {
					return c.access.get(ctx, begun, "/api/"+endpoints[i], func(body []byte) error {
						mu.Lock()
						defer mu.Unlock()
						if err := readings.Answer(endpoints[i], body); err != nil {
							return odd{err}
						}
						return nil
					})
				})
				mu.Lock()
				found[i] = &answer{endpoints[i], err}
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
func hopeless(err error) bool { return rest.Unreachable(err) || errors.Is(err, errLogIn) }
