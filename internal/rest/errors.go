package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// StatusError is an answer with a status other than 200 to 299.
type StatusError struct {
	Code int
	// Body is the beginning of the answer; it is not part of the message, since a device may
	// repeat what it was sent.
	Body []byte
	// RetryAfter is how long the server asks to wait; 0 if it does not.
	RetryAfter time.Duration
	// Location is scheme and host to which a redirect leads that was not
	// followed, as they may be shown; empty for none.
	Location string
	// Inside says that Location is the server that was asked.
	Inside bool
}

// Error is the status, and what to do about it where that is plain.
func (e *StatusError) Error() string {
	text := strconv.Itoa(e.Code)
	if name := http.StatusText(e.Code); name != "" {
		text += " " + name
	}
	switch {
	case e.Inside:
		return fmt.Sprintf("%s within %s, which is not followed: does it want a log-in, or is it not the device?", text, e.Location)
	case e.Location != "":
		return fmt.Sprintf("%s to %s, which is not followed: if that is the device, use it as the address", text, e.Location)
	}
	return text
}

// Status is the status of an answer that an error is about; 0 for none.
func Status(err error) int {
	if e, ok := errors.AsType[*StatusError](err); ok {
		return e.Code
	}
	return 0
}

// maxRefusal is how much of a refusal is kept, in bytes: an error may be kept
// for long.
const maxRefusal = 4 << 10

// statusError is the error of an answer.
func statusError(answer *http.Response, body []byte) error {
	e := &StatusError{Code: answer.StatusCode, Body: slices.Clone(body[:min(len(body), maxRefusal)]), RetryAfter: retryAfter(answer.Header)}
	if target, err := answer.Location(); err == nil {
		e.Location, e.Inside = origin(target), strings.EqualFold(origin(target), origin(answer.Request.URL))
	}
	return e
}

// retryAfter reads seconds or a date, which is by the server's own clock.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		now, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		return max(at.Sub(now), 0)
	}
	return 0
}

// TooOften adds to the error of a request what the server asks for, and what
// helps, if that was one too many.
func TooOften(err error) error {
	status, ok := errors.AsType[*StatusError](err)
	if !ok || status.Code != http.StatusTooManyRequests {
		return err
	}
	wish := "it is asked too often"
	if status.RetryAfter > 0 {
		wish += " and wants to be left alone for " + status.RetryAfter.Round(time.Second).String()
	}
	return fmt.Errorf("%w: %s; scrape it less often, or set the module's cache_ttl", err, wish)
}

// Unreachable reports whether not even a connection could be made, or not one to
// whom it should be, so that other requests would fail alike.
func Unreachable(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return untrusted
}

// plain is an error of net/http in words that hold no secret: without the URL,
// whose query may have one, and without what it quotes of an answer, which may
// repeat what was sent.
func plain(ctx context.Context, err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	if ctx.Err() != nil && errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no whole answer within the time of the probe: %w", context.DeadlineExceeded)
	}
	text := err.Error()
	// The second is what net/http says where it notices before it asks.
	if errors.Is(err, io.EOF) || text == "http: server closed idle connection" {
		return &hushed{"the server closed the connection", err}
	}
	if from, to := strings.IndexByte(text, '"'), strings.LastIndexByte(text, '"'); from < to {
		return &hushed{text[:from] + `"..."` + text[to+1:], err}
	}
	return err
}

// hushed is an error that says less than it knows.
type hushed struct {
	text string
	err  error
}

func (h *hushed) Error() string { return h.text }
func (h *hushed) Unwrap() error { return h.err }
