package powersentrix

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// errUnmeasured is an answer that is about a UPS, and has no reading.
var errUnmeasured = errors.New("nothing in the answer can be understood as a reading")

// hopeless reports whether, after one of the errors, nothing else needs to be
// asked in this reading.
func hopeless(ctx context.Context, errs ...error) bool {
	return slices.ContainsFunc(errs, func(err error) bool {
		_, failed := errors.AsType[*session.LogInError](err)
		return failed || rest.Unreachable(err) || rest.Status(err) == http.StatusTooManyRequests || err != nil && ctx.Err() != nil
	})
}
