package powersentrixsim

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// maxLogin is the longest body of a log-in that is read.
const maxLogin = 4096

// avatar is the smallest picture there is.
const avatar = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// session is the answer to a log-in.
type session struct {
	Token string  `json:"token"`
	User  account `json:"user"`
}

// account is a user as the portal shows it.
type account struct {
	ID     int    `json:"id"`
	Login  string `json:"login"`
	Name   string `json:"name"`
	Role   string `json:"role"`
	Avatar string `json:"avatar"`
}

// authenticate answers POST /user/authenticate.
func (p *Portal) authenticate(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxLogin+1))
	if err != nil {
		refuse(w, http.StatusBadRequest, "")
		return
	}
	email, password, err := credentials(text)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	answer, refusal := p.logIn(email, password)
	p.counts.Add(func(st *Stats) {
		if refusal == "" {
			st.Logins++
		} else {
			st.FailedLogins++
		}
	})
	if refusal != "" {
		refuse(w, http.StatusBadRequest, refusal)
		return
	}
	send(w, http.StatusOK, answer)
}

// logIn is what a log-in gives, or the message that refuses it.
func (p *Portal) logIn(email, password string) (s session, refusal string) {
	for i, u := range p.options.Users {
		if u.Email != email || subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) != 1 {
			continue
		}
		if u.Disabled {
			return session{}, "disabledLoginFromWeb"
		}
		// The document's user is number 42.
		return session{p.token(email), account{42 + i, email, u.Name, "ROLE_USER", avatar}}, ""
	}
	return session{}, "invalidEmailOrPassword"
}

// claims is what a token says. Times are in seconds since 1970.
type claims struct {
	Subject   string `json:"sub"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
}

// token is a new one for a user.
func (p *Portal) token(email string) string {
	now := p.options.Now()
	return p.tokens.Issue(claims{email, now.Unix(), now.Add(p.options.TokenLife).Unix()})
}

// credentials reads the body of a log-in: an object with the strings email and
// password. The error quotes nothing of it.
func credentials(text []byte) (email, password string, err error) {
	if len(text) > maxLogin {
		return "", "", errors.New("the body is too long")
	}
	var body struct {
		Email    *string `json:"email"`
		Password *string `json:"password"`
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return "", "", errors.New("the body is no JSON object with the strings email and password")
	}
	if body.Email == nil || body.Password == nil {
		return "", "", errors.New("the body has no email or no password")
	}
	return *body.Email, *body.Password, nil
}

// authorized says whether a request has a token that is valid.
func (p *Portal) authorized(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, "Bearer") && p.tokens.Check(strings.TrimSpace(token), p.options.Now()) == nil
}
