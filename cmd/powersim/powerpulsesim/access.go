package powerpulsesim

import (
	"errors"
	"net/http"
	"strings"

	"power_exporter/cmd/powersim/simtoken"
)

// errNoToken is a request that shows no token at all.
var errNoToken = errors.New("no token")

// NewSecret signs and checks with another secret from now on, as a program does
// that was started again without the old one: no token given so far is valid.
func (s *Server) NewSecret() { s.tokens.Revoke() }

// loggedIn is a handler for those who show a token that is good.
func (s *Server) loggedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch err := s.identify(r); {
		case err == nil:
			next(w, r)
		case errors.Is(err, simtoken.ErrExpired):
			say(w, http.StatusUnauthorized, []byte(`{"message":"Token expired","error":"token_expired"}`))
		case errors.Is(err, simtoken.ErrInvalid):
			say(w, s.options.InvalidToken, []byte(`{"message":"Token is not valid","error":"invalid_token"}`))
		default:
			say(w, http.StatusUnauthorized, []byte(`{"message":"No token, authorization denied"}`))
		}
	}
}

// identify says why a request is not of somebody who has logged in.
func (s *Server) identify(r *http.Request) error {
	authorization := r.Header.Get("Authorization")
	if authorization == "" {
		return errNoToken
	}
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return simtoken.ErrInvalid
	}
	return s.tokens.Check(token, s.options.Now())
}
