package synlink

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"power_exporter/internal/rest"
	"power_exporter/internal/synlink"
)

const (
	// maxFrame is far above what a PDU with 48 outlets sends, in bytes.
	maxFrame = 1 << 20
	// maxBurst is how many messages may come within one period. A PDU sends
	// one.
	maxBurst = 20
)

// socket is a WebSocket of a PDU.
type socket struct {
	*websocket.Conn

	burst int       // messages since
	since time.Time // a period or less ago
}

// dial makes the WebSocket. Where the PDU answers otherwise the error is a
// [*rest.StatusError].
func dial(ctx context.Context, address string, client *http.Client) (*socket, error) {
	c, answer, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: client})
	if err == nil {
		c.SetReadLimit(maxFrame)
		return &socket{Conn: c}, nil
	}
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close() // it is a copy in memory
		if answer.StatusCode != http.StatusSwitchingProtocols {
			err = &rest.StatusError{Code: answer.StatusCode}
		}
	}
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	return nil, fmt.Errorf("GET %s: %w", address, err)
}

// close ends the connection without ceremony.
func (s *socket) close() { _ = s.CloseNow() } // it may have ended before

// greet shows the session, and gives the first frame. The older document shows
// it bare.
func (s *socket) greet(ctx context.Context, spid string, bare bool) (synlink.Frame, error) {
	if !bare {
		spid = "SPID=" + spid
	}
	message, err := json.Marshal(struct {
		Cookie string `json:"cookie"`
	}{spid})
	if err != nil {
		return synlink.Frame{}, err
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.Write(within, websocket.MessageText, message); err != nil {
		return synlink.Frame{}, fmt.Errorf("showing the session: %w", err)
	}
	return s.next(ctx)
}

// next is the next frame. What is none is passed over.
func (s *socket) next(ctx context.Context) (synlink.Frame, error) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var odd error
	for {
		_, message, err := s.Read(within)
		if err != nil {
			return synlink.Frame{}, ended(within, err, odd)
		}
		if now := time.Now(); now.Sub(s.since) >= framePeriod {
			s.burst, s.since = 0, now
		}
		if s.burst++; s.burst > maxBurst {
			return synlink.Frame{}, fmt.Errorf("more than %d messages in %s: the PDU sends one", maxBurst, framePeriod)
		}
		frame, err := synlink.DecodeFrame(message)
		if err == nil {
			return frame, nil
		}
		odd = err
	}
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
		return err
	case odd != nil:
		return fmt.Errorf("no frame in %s, but another message: %w", patience, odd)
	}
	return fmt.Errorf("no frame in %s", patience)
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
