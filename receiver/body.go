package receiver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

const (
	// maxBody is the largest body in bytes.
	maxBody = 1 << 20
	// maxNesting is how deep a body's objects and lists may be within each
	// other. What devices push has less than ten levels.
	maxNesting = 64
)

// errAborted is a push whose client went away, or is too slow.
var errAborted = errors.New("the push was broken off")

// readBody reads a body of JSON.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, fmt.Errorf("%w: the body has %d bytes, more than %d", ErrTooLarge, r.ContentLength, maxBody)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, fmt.Errorf("%w: the body has more than %d bytes", ErrTooLarge, maxBody)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAborted, err)
	}
	return body, checkJSON(body)
}

// checkJSON refuses what is no JSON, or nested too deep, which costs a decoder
// more than it costs whoever sends it.
func checkJSON(body []byte) error {
	if nesting(body) > maxNesting {
		return fmt.Errorf("%w: JSON with more than %d levels", ErrMalformed, maxNesting)
	}
	var raw json.RawMessage
	err := json.Unmarshal(body, &raw)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("%w: no JSON from byte %d of %d on", ErrMalformed, syntax.Offset, len(body))
	}
	if err != nil {
		return fmt.Errorf("%w: no JSON", ErrMalformed)
	}
	return nil
}

// nesting is how many levels JSON has; of other text it is some number.
func nesting(body []byte) int {
	deepest, level := 0, 0
	quoted, escaped := false, false
	for _, c := range body {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = c == '\\'
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest
}
