package powersentrix

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"power_exporter/internal/rest"
)

// errUnmeasured is an answer that is about a UPS, and has no reading.
var errUnmeasured = errors.New("nothing in the answer can be understood as a reading")

// tooOften adds to the error of a request what the server asks for if that was
// one too many.
func tooOften(err error) error {
	status, ok := errors.AsType[*rest.StatusError](err)
	switch {
	case !ok || status.Code != http.StatusTooManyRequests:
		return err
	case status.RetryAfter > 0:
		return fmt.Errorf("%w: the server wants to be left alone for %s", err, status.RetryAfter.Round(time.Second))
	}
	return fmt.Errorf("%w: the server wants to be asked less often", err)
}

// hopeless reports whether, after one of the errors, nothing else needs to be
// asked in this reading.
func hopeless(ctx context.Context, errs ...error) bool {
	return slices.ContainsFunc(errs, func(err error) bool {
		if _, failed := errors.AsType[*logInError](err); failed || err != nil && ctx.Err() != nil {
			return true
		}
		op, ok := errors.AsType[*net.OpError](err)
		return ok && op.Op == "dial" || rest.Status(err) == http.StatusTooManyRequests
	})
}
