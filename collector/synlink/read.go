package synlink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/internal/synlink"
)

// readAll asks all endpoints that are wanted.
func (c *Collector) readAll(ctx context.Context) (synlink.Readings, error) {
	return c.read(ctx, c.options.Endpoints, c.empty())
}

// read asks endpoints and takes the answers into the readings. The error is of
// all that failed. A firmware that does not have an endpoint is no failure,
// unless it has none of all.
func (c *Collector) read(ctx context.Context, endpoints []string, readings synlink.Readings) (synlink.Readings, error) {
	begun := time.Now()
	if err := c.access.prepare(ctx); err != nil {
		return readings, err
	}
	answers, unasked := c.ask(ctx, begun, endpoints, &readings)
	c.access.judge(answers)
	var errs, missing []error
	for _, a := range answers {
		switch {
		case a.err == nil:
		case rest.Status(a.err) == http.StatusNotFound && !errors.Is(a.err, errLogIn):
			missing = append(missing, a.err)
			collector.Logger(ctx).Debug("the PDU has no such endpoint", "err", a.err)
		default:
			errs = append(errs, fmt.Errorf("reading %s: %w", a.endpoint, a.err))
		}
	}
	if len(missing) == len(c.options.Endpoints) {
		errs = append(errs, fmt.Errorf("none of the endpoints is there: %w: is this a SynLink PDU?", missing[0]))
	}
	if len(unasked) > 0 {
		errs = append(errs, fmt.Errorf("not asked any more: %s", strings.Join(unasked, ", ")))
	}
	if readings.Info != nil {
		c.info = readings.Info
	}
	return readings, errors.Join(errs...)
}
