package emssim

import (
	"crypto/subtle"
	"errors"
	"mime"
	"net/http"
	"strings"

	"power_exporter/cmd/powersim/simlogin"
	"power_exporter/cmd/powersim/simtoken"
)

// logIn answers a log-in.
func (s *EMS) logIn(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "the body must be application/json")
		return
	}
	name, password, err := simlogin.Read(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	user := s.find(name, password)
	switch {
	case user == nil:
		s.counts.Add(func(st *Stats) { st.FailedLogins++ })
		refuse(w, http.StatusUnauthorized, "wrong username or password")
	case user.Role != RoleAPI:
		s.counts.Add(func(st *Stats) { st.FailedLogins++ })
		refuse(w, http.StatusForbidden, "the account has no API role")
	default:
		s.counts.Add(func(st *Stats) { st.Logins++ })
		now := s.options.Now()
		token := s.tokens.Issue(claims{Username: user.Name, Role: user.Role, Issued: now.Unix(), Expires: now.Add(s.options.TokenLife).Unix()})
		send(w, http.StatusOK, marshal(map[string]string{"token": token}))
	}
}

// claims is what a token says. The document says no more than that it is a JSON
// Web Token: the names but for iat and exp are assumed.
type claims struct {
	Username string `json:"username"`
	Role     string `json:"role"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
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
		s.counts.Add(func(st *Stats) { st.BadTokens++ })
		return "a token is required"
	}
	switch err := s.tokens.Check(token, s.options.Now()); {
	case errors.Is(err, simtoken.ErrExpired):
		s.counts.Add(func(st *Stats) { st.ExpiredTokens++ })
		return err.Error()
	case err != nil:
		s.counts.Add(func(st *Stats) { st.BadTokens++ })
		return err.Error()
	}
	return ""
}
