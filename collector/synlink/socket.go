package synlink

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

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

	odd   func(error) // takes what is wrong with a message that is no frame
	burst int         // messages since
	since time.Time   // a period or less ago
}

// dial makes the WebSocket. Where the PDU answers otherwise the error is a
// [*rest.StatusError]. What is wrong with messages that are no frames goes to
// odd.
func dial(ctx context.Context, address string, client *http.Client, odd func(error)) (*socket, error) {
	c, answer, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		if answer != nil {
			defer answer.Body.Close()
		}
		return nil, fmt.Errorf("GET %s: %w", address, unopened(ctx, answer, err))
	}
	c.SetReadLimit(maxFrame)
	return &socket{Conn: c, odd: odd}, nil
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
		if within.Err() != nil {
			return synlink.Frame{}, fmt.Errorf("showing the session: the PDU has not taken it in %s", patience)
		}
		return synlink.Frame{}, fmt.Errorf("showing the session: %w", broken(within, err))
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
		s.odd(odd)
	}
}
