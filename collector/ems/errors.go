package ems

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"power_exporter/internal/rest"
)

// hint adds to an error what a person can do about it.
func (c *client) hint(e endpoint, err error) error {
	status, ok := errors.AsType[*rest.StatusError](err)
	if !ok {
		return err
	}
	switch status.Code {
	case http.StatusForbidden:
		return fmt.Errorf("%w: the account of auth %q may not read this", err, c.auth)
	case http.StatusNotFound:
		return fmt.Errorf("%w: if this EMS has another path for it, give it as ems.paths.%s of the module", err, e)
	case http.StatusTooManyRequests:
		if status.RetryAfter > 0 {
			return fmt.Errorf("%w: the EMS wants to be left alone for %s", err, status.RetryAfter.Round(time.Second))
		}
		return fmt.Errorf("%w: the EMS wants to be asked less often", err)
	}
	return err
}

// hopeless reports whether, after an error, nothing else needs to be asked in
// this reading.
func hopeless(ctx context.Context, err error) bool {
	if _, failed := errors.AsType[*logInError](err); failed || err != nil && ctx.Err() != nil {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// isRefusal reports whether the EMS answered that it does not give something,
// which it will not do a moment later either.
func isRefusal(err error) bool {
	status := rest.Status(err)
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}

// isPastTheEnd reports whether the EMS answered a question for a page, which is
// not the first, that there is none.
func isPastTheEnd(err error) bool {
	switch rest.Status(err) {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusRequestedRangeNotSatisfiable, http.StatusUnprocessableEntity:
		return true
	}
	return false
}
