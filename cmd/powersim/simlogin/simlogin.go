// Package simlogin reads the log-ins that several simulated devices know: a JSON
// object with the strings username and password.
package simlogin

import (
	"encoding/json"
	"errors"
	"io"
)

// maxBody is the longest body that is read, in bytes.
const maxBody = 4096

// Read reads the body of a log-in. The error is for the client, and quotes
// nothing of the body.
func Read(body io.Reader) (name, password string, err error) {
	text, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return "", "", errors.New("the body cannot be read")
	}
	if len(text) > maxBody {
		return "", "", errors.New("the body is too long")
	}
	var login struct {
		Username *string `json:"username"`
		Password *string `json:"password"`
	}
	if json.Unmarshal(text, &login) != nil {
		return "", "", errors.New("the body is no JSON object with the strings username and password")
	}
	if login.Username == nil || login.Password == nil {
		return "", "", errors.New("username and password are required")
	}
	return *login.Username, *login.Password, nil
}
