package receiver

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Errors of requests that are not for any endpoint.
var (
	errNoPath = errors.New("not found")
	errMethod = errors.New("only POST is allowed")
)

// brokenRetry is how long a device should wait after a failure of ours.
const brokenRetry = 30 * time.Second

// maxMessage is the longest message in bytes.
const maxMessage = 200

// answer is what a client gets.
type answer struct {
	result  Result
	status  int
	message string        // "" for one that has a body
	body    []byte        // of a push that was taken
	retry   time.Duration // 0 for one that need not wait
}

// refused reports whether the request was wrong, and not we.
func (a answer) refused() bool {
	switch a.result {
	case Malformed, Unauthorized, Unknown, TooLarge:
		return true
	default:
		return false
	}
}

// answerTo is the answer to a push that was taken, or to an error.
func answerTo(reply []byte, err error) answer {
	tooMany, many := errors.AsType[*TooManyError](err)
	switch {
	case err == nil:
		return answer{result: Accepted, status: http.StatusOK, body: reply}
	case many:
		return limited(tooMany.What, tooMany.RetryAfter)
	case errors.Is(err, ErrTooMany):
		return limited(ErrTooMany.Error(), 0)
	case errors.Is(err, errAborted):
		return answer{result: Aborted, status: http.StatusBadRequest, message: errAborted.Error()}
	case errors.Is(err, errNoPath):
		return answer{result: Unknown, status: http.StatusNotFound, message: errNoPath.Error()}
	case errors.Is(err, errMethod):
		return answer{result: Unknown, status: http.StatusMethodNotAllowed, message: errMethod.Error()}
	case errors.Is(err, ErrUnauthorized):
		return answer{result: Unauthorized, status: http.StatusUnauthorized, message: ErrUnauthorized.Error()}
	case errors.Is(err, ErrTooLarge):
		return answer{result: TooLarge, status: http.StatusRequestEntityTooLarge, message: err.Error()}
	case errors.Is(err, ErrMalformed):
		return answer{result: Malformed, status: http.StatusBadRequest, message: err.Error()}
	case errors.Is(err, ErrStorage):
		// Where the file is and what the disk says is not the device's business.
		return answer{result: NotStored, status: http.StatusServiceUnavailable, message: "the push could not be stored", retry: brokenRetry}
	default:
		return answer{result: Failed, status: http.StatusInternalServerError, message: "the push could not be handled"}
	}
}

// limited is the answer to what is too much.
func limited(message string, retry time.Duration) answer {
	return answer{result: Limited, status: http.StatusTooManyRequests, message: message, retry: max(retry, time.Second)}
}

// send writes the answer.
func (a answer) send(w http.ResponseWriter) {
	body := a.body
	if a.result != Accepted {
		body, _ = json.Marshal(struct { // text can always be marshalled
			Message string `json:"message"`
		}{cut(a.message, maxMessage)})
	}
	head := w.Header()
	head.Set("Content-Type", "application/json")
	head.Set("X-Content-Type-Options", "nosniff")
	if a.retry > 0 {
		head.Set("Retry-After", strconv.Itoa(int(math.Ceil(a.retry.Seconds()))))
	}
	switch a.status {
	case http.StatusMethodNotAllowed:
		head.Set("Allow", http.MethodPost)
	case http.StatusUnauthorized:
		head.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}
