package synlink

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"power_exporter/internal/rest"
)

// unopened says why there is no WebSocket: there is an answer of another kind,
// or none.
func unopened(ctx context.Context, answer *http.Response, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("no answer in %s", patience)
	case answer == nil:
		return rest.Explain(ctx, nil, err)
	case answer.StatusCode == http.StatusSwitchingProtocols:
		return rest.Explain(ctx, nil, cmp.Or(errors.Unwrap(err), err)) // without the library's own "failed to"
	}
	err = rest.TooOften(rest.Explain(ctx, answer, err))
	status, ok := errors.AsType[*rest.StatusError](err)
	switch {
	case !ok || status.Code > 299:
		return err
	case bytes.HasPrefix(bytes.TrimSpace(status.Body), []byte("<")):
		return fmt.Errorf("%w: a web page came and no WebSocket: does the address lead to the device itself?", err)
	}
	return fmt.Errorf("%w: no WebSocket came: does this PDU have a stream?", err)
}

// ended says why no frame came.
func ended(ctx context.Context, err, odd error) error {
	if closed, ok := errors.AsType[websocket.CloseError](err); ok {
		return closedError(closed.Code)
	}
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig):
		return fmt.Errorf("a message is larger than %d MiB", maxFrame>>20)
	case ctx.Err() == nil:
		return broken(ctx, err)
	}
	return noFrame(patience, odd)
}

// noFrame is the error of a stream that had no frame for so long, but maybe
// something odd.
func noFrame(long time.Duration, odd error) error {
	if odd != nil {
		return fmt.Errorf("no frame in %s, but another message: %w", long, odd)
	}
	return fmt.Errorf("no frame in %s", long)
}

// broken is an error of the library in plain words: of the connection, or else
// of what came over it, of which it says numbers that nobody knows.
func broken(ctx context.Context, err error) error {
	cause, lost := errors.AsType[net.Error](err)
	switch {
	case lost:
		err = cause
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		err = io.EOF
	case errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		err = net.ErrClosed
	default:
		return errors.New("the stream broke: what came is no WebSocket frame")
	}
	return fmt.Errorf("the stream broke: %w", rest.Explain(ctx, nil, err))
}

// closedError is with what the PDU closed the stream. Its reason is left out:
// it could repeat the session.
type closedError websocket.StatusCode

func (e closedError) Error() string {
	return "the PDU closed it with " + websocket.StatusCode(e).String()
}

// refused reports whether a PDU did not accept the session.
func refused(err error) bool {
	closed, ok := errors.AsType[closedError](err)
	return ok && closed == closedError(websocket.StatusPolicyViolation) || rest.Status(err) == http.StatusUnauthorized
}
