package ems

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// hint adds to an error what a person can do about it.
func (c *client) hint(e endpoint, err error) error {
	switch rest.Status(err) {
	case http.StatusForbidden:
		return fmt.Errorf("%w: the account of auth %q may not read this", err, c.auth)
	case http.StatusNotFound:
		return fmt.Errorf("%w: if this EMS has another path for it, give it as ems.paths.%s of the module", err, e)
	}
	return rest.TooOften(err)
}

// hopeless reports whether, after an error, nothing else needs to be asked in
// this reading.
func hopeless(ctx context.Context, err error) bool {
	if err == nil {
		return false // what else is to be asked tells itself when the time is over
	}
	_, failed := errors.AsType[*session.LogInError](err)
	return failed || ctx.Err() != nil || rest.Unreachable(err)
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
