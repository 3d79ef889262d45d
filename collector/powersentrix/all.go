package powersentrix

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"power_exporter/collector"
	"power_exporter/power"
)

// maxTold is how many UPSes an error tells of one by one.
const maxTold = 10

// outcome is what became of one UPS.
type outcome struct {
	device power.Device
	errs   []error
	asked  bool
}

// all reads the UPSes, some at a time, and no more once there is no use in it:
// after an error because the time is over, nobody takes connections, the log-in
// failed, or the portal wants to be left alone. The devices are in the order of
// the list. The error is of all that failed.
func (r *reading) all(ctx context.Context) ([]power.Device, error) {
	found := make([]outcome, len(r.units))
	next := make(chan int)
	var stopped atomic.Bool
	var workers sync.WaitGroup
	for range min(r.atATime, len(r.units)) {
		workers.Go(func() {
			for i := range next {
				if stopped.Load() {
					continue
				}
				found[i] = r.one(ctx, r.units[i])
				if hopeless(ctx, found[i].errs...) {
					stopped.Store(true)
				}
			}
		})
	}
	for i := range r.units {
		next <- i
	}
	close(next)
	workers.Wait()
	return r.gather(ctx, found)
}

// one reads one UPS. A panic costs this UPS alone.
func (r *reading) one(ctx context.Context, u *unit) (o outcome) {
	o.asked = true
	defer func() {
		if v := recover(); v != nil {
			collector.Logger(ctx).Error("reading a UPS panicked", "ups", u.name(), "err", v, "stack", string(debug.Stack()))
			o.device, _ = u.down()
			o.errs = []error{fmt.Errorf("%w: %v", collector.ErrPanic, v)}
		}
	}()
	o.device, o.errs = r.ups(ctx, u)
	return o
}

// gather puts the outcomes together. A UPS that was not asked any more is a
// device that is not up.
func (r *reading) gather(ctx context.Context, found []outcome) ([]power.Device, error) {
	var devices []power.Device
	var errs []error
	var unasked []string
	failed := 0
	for i, o := range found {
		u := r.units[i]
		switch {
		case !o.asked:
			o.device, _ = u.down()
			unasked = append(unasked, u.name())
		case len(o.errs) > 0:
			if failed++; failed <= maxTold {
				errs = append(errs, fmt.Errorf("reading UPS %q: %w", u.name(), errors.Join(o.errs...)))
			}
		}
		if o.device.ID != "" {
			devices = append(devices, o.device)
		}
	}
	if failed > maxTold {
		errs = append(errs, fmt.Errorf("and %d more UPSes", failed-maxTold))
	}
	if len(unasked) > 0 {
		errs = append(errs, errUnasked(ctx, unasked))
	}
	return devices, errors.Join(errs...)
}

// errUnasked is the error of UPSes that were not asked any more.
func errUnasked(ctx context.Context, names []string) error {
	text := strings.Join(names[:min(maxTold, len(names))], ", ")
	if more := len(names) - maxTold; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		text += ": give the module more timeout, or a higher max_concurrency"
	}
	return errors.New("not asked any more: " + text)
}
