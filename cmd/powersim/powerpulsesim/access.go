package powerpulsesim

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
)

// secretSize is how many bytes the secret of a server has.
const secretSize = 32

// newSecret is a secret that nobody knows.
func newSecret() []byte {
	secret := make([]byte, secretSize)
	_, _ = rand.Read(secret) // it never fails
	return secret
}

// NewSecret signs and checks with another secret from now on, as a program does
// that was started again without the old one: no token given so far is valid.
func (s *Server) NewSecret() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret = newSecret()
}

// loggedIn is a handler for those who show a token that is good.
func (s *Server) loggedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch _, err := s.identify(r); {
		case err == nil:
			next(w, r)
		case errors.Is(err, errExpired):
			say(w, http.StatusUnauthorized, []byte(`{"message":"Token expired","error":"token_expired"}`))
		case errors.Is(err, errInvalid):
			say(w, s.options.InvalidToken, []byte(`{"message":"Token is not valid","error":"invalid_token"}`))
		default:
			say(w, http.StatusUnauthorized, []byte(`{"message":"No token, authorization denied"}`))
		}
	}
}

// identify is who asks.
func (s *Server) identify(r *http.Request) (claims, error) {
	authorization := r.Header.Get("Authorization")
	if authorization == "" {
		return claims{}, errNoToken
	}
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return claims{}, errInvalid
	}
	s.mu.RLock()
	secret := s.secret
	s.mu.RUnlock()
	return verify(secret, token, s.options.Now())
}
