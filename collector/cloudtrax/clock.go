package cloudtrax

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/lenient"
)

// clock is the service's, as far as it is known. A request that is more than 15
// minutes away from it is refused.
type clock struct {
	turn chan struct{} // holds one element while somebody asks for the time

	mu      sync.Mutex
	ahead   time.Duration // of the clock of this machine
	lessons int           // how often the time was learned
	asked   bool          // it was asked for in this reading
}

func newClock() *clock { return &clock{turn: make(chan struct{}, 1)} }

// begin begins a reading. In each the service is asked for its time once at most.
func (c *clock) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = false
}

// now is the time by the service's clock.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// lesson tells what was known at some time from what was learned since.
func (c *clock) lesson() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lessons
}

// learn asks for the time, unless somebody has learned it since the lesson, by
// which a request was signed that the service refused.
func (c *clock) learn(ctx context.Context, lesson int, ask func(context.Context) (now, told time.Time, err error)) error {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for the service's time: %w", context.Cause(ctx))
	}
	if done, err := c.meanwhile(lesson); done {
		return err
	}
	now, told, err := ask(ctx)
	if err != nil {
		return fmt.Errorf("asking the service for its time: %w", err)
	}
	ahead := now.Sub(told)
	c.set(ahead)
	collector.Logger(ctx).Warn("this machine's clock differs from the service's: requests are signed by the service's time",
		"service_ahead", ahead.Round(time.Second))
	return nil
}

// meanwhile reports whether the time is not to be asked for: it was learned since
// the lesson, or asking did not help.
func (c *clock) meanwhile(lesson int) (done bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.lessons != lesson:
		return true, nil
	case c.asked:
		return true, errors.New("although its time was asked for")
	}
	c.asked = true
	return false, nil
}

// set notes by how much the service's clock is ahead.
func (c *clock) set(ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = ahead
	c.lessons++
}

// decodeTime reads {"time":"2015-08-24T13:52:00Z"}, the answer of GET /time.
func decodeTime(data []byte) (time.Time, error) {
	var answer struct {
		Time lenient.Text `json:"time"`
	}
	if err := lenient.Decode(data, &answer); err != nil {
		return time.Time{}, err
	}
	now, err := time.Parse(time.RFC3339, answer.Time.String())
	if err != nil {
		return time.Time{}, errors.New("the answer has no member time like 2015-08-24T13:52:00Z")
	}
	return now, nil
}
