package receiver

import (
	"bytes"
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

// readBody reads a body that is a JSON object.
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
	if err := checkObject(body); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return body, nil
}

// checkObject refuses what is no JSON object, and what is nested too deep, which
// costs a decoder more than it costs whoever sends it. Its errors show nothing
// of the body.
func checkObject(body []byte) error {
	if nesting(body) > maxNesting {
		return fmt.Errorf("the body is JSON with more than %d levels", maxNesting)
	}
	if value := bytes.TrimLeft(body, blanks); !json.Valid(body) {
		return syntaxError(body)
	} else if value[0] != '{' {
		return fmt.Errorf("the body is %s where a JSON object was expected", kindOf(value))
	}
	return nil
}

// blanks are what may stand between the parts of JSON.
const blanks = " \t\r\n"

// syntaxError says why a body is no JSON.
func syntaxError(body []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var value json.RawMessage
	err := decoder.Decode(&value)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("the body is no JSON from byte %d of %d on", syntax.Offset, len(body))
	}
	switch {
	case err == nil:
		return fmt.Errorf("the body goes on after its JSON, which ends at byte %d of %d", decoder.InputOffset(), len(body))
	case errors.Is(err, io.EOF):
		return errors.New("the body is empty: a JSON object was expected")
	}
	return fmt.Errorf("the body ends in the middle of its JSON, after %d bytes", len(body))
}

// kindOf is what JSON is that is no object.
func kindOf(value []byte) string {
	switch value[0] {
	case '[':
		return "a list"
	case '"':
		return "text"
	case 't', 'f', 'n':
		return string(bytes.TrimRight(value, blanks))
	}
	return "a number"
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
