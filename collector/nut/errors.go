package nut

import (
	"errors"

	"power_exporter/collector"
)

// ServerError is the server's refusal of one command: its ERR line, without
// the ERR. The codes are those of RFC 9271, section 4.4.
type ServerError struct {
	Code string // such as "DATA-STALE"
}

// advice says what a code means to the person who reads the error.
var advice = map[string]string{
	"ACCESS-DENIED":          "the server does not let this client read; check its LISTEN, ACL and user settings, and the auth of this target",
	"DATA-STALE":             "the server has a driver for this UPS, but the driver no longer hears from the UPS",
	"DRIVER-NOT-CONNECTED":   "the driver of this UPS is not running",
	"FEATURE-NOT-CONFIGURED": "the server has no certificate, so it cannot do STARTTLS",
	"FEATURE-NOT-SUPPORTED":  "the server was built without STARTTLS",
	"UNKNOWN-UPS":            "the server has no UPS of this name",
	"USERNAME-REQUIRED":      "the server wants a username and a password; give this target an auth",
	"PASSWORD-REQUIRED":      "the server wants a username and a password; give this target an auth",
}

// Error gives the code and what it means.
func (e *ServerError) Error() string {
	if a, ok := advice[e.Code]; ok {
		return "ERR " + e.Code + ": " + a
	}
	return "ERR " + e.Code
}

// Unwrap is what a refusal of user name and password has in common with those of
// other systems.
func (e *ServerError) Unwrap() error {
	switch e.Code {
	case "ACCESS-DENIED", "INVALID-USERNAME", "INVALID-PASSWORD":
		return collector.ErrRefused
	}
	return nil
}

// errStarting is the error of a UPS whose driver has just connected to the
// server and has not yet told it everything.
var errStarting = errors.New("ups.status is WAIT: the driver has just started, and some variables are still missing")

// down says whether the error is the server's way of saying that the UPS is
// down, rather than a failure to read the server.
func down(err error) bool {
	if errors.Is(err, errStarting) {
		return true
	}
	refused, ok := errors.AsType[*ServerError](err)
	return ok && (refused.Code == "DATA-STALE" || refused.Code == "DRIVER-NOT-CONNECTED")
}
