package emssim

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxLogin is the longest body of a log-in that is read.
const maxLogin = 4096

// logIn answers a log-in.
func (s *EMS) logIn(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "the body must be application/json")
		return
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, maxLogin+1))
	if err != nil {
		refuse(w, http.StatusBadRequest, "the body cannot be read")
		return
	}
	name, password, err := credentials(text)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	user := s.find(name, password)
	switch {
	case user == nil:
		s.counters.add(func(st *Stats) { st.FailedLogins++ })
		refuse(w, http.StatusUnauthorized, "wrong username or password")
	case user.Role != RoleAPI:
		s.counters.add(func(st *Stats) { st.FailedLogins++ })
		refuse(w, http.StatusForbidden, "the account has no API role")
	default:
		s.counters.add(func(st *Stats) { st.Logins++ })
		now := s.options.Now()
		token := s.tokens.issue(claims{Username: user.Name, Role: user.Role, Issued: now.Unix(), Expires: now.Add(s.options.TokenLife).Unix()})
		send(w, http.StatusOK, marshal(map[string]string{"token": token}))
	}
}

// credentials reads the body of a log-in: an object with the strings username
// and password.
func credentials(text []byte) (name, password string, err error) {
	if len(text) > maxLogin {
		return "", "", errors.New("the body is too long")
	}
	var body struct {
		Username *string `json:"username"`
		Password *string `json:"password"`
	}
	if json.Unmarshal(text, &body) != nil {
		return "", "", errors.New("the body is no JSON object with the strings username and password")
	}
	if body.Username == nil || body.Password == nil {
		return "", "", errors.New("username and password are required")
	}
	return *body.Username, *body.Password, nil
}

// find is the account of a name and a password, or nil.
func (s *EMS) find(name, password string) *User {
	for i := range s.options.Users {
		u := &s.options.Users[i]
		if u.Name == name && subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) == 1 {
			return u
		}
	}
	return nil
}

// identify says why a request is not of somebody who has logged in; "" where it
// is.
func (s *EMS) identify(r *http.Request) (refusal string) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		s.counters.add(func(st *Stats) { st.BadTokens++ })
		return "a token is required"
	}
	switch err := s.tokens.check(token, s.options.Now()); {
	case errors.Is(err, errExpired):
		s.counters.add(func(st *Stats) { st.ExpiredTokens++ })
		return err.Error()
	case err != nil:
		s.counters.add(func(st *Stats) { st.BadTokens++ })
		return err.Error()
	}
	return ""
}
