package powerpulsesim

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// maxLogin is the longest body of a request that the program reads.
const maxLogin = 100 << 10

// login is the answer to a log-in, in the order of the document's example.
type login struct {
	Message string  `json:"message"`
	User    account `json:"user"`
	Token   string  `json:"token"`
}

// account is what a log-in tells about the user.
type account struct {
	ID       int     `json:"id"`
	Username string  `json:"username"`
	Email    *string `json:"email"`
	Role     string  `json:"role"`
}

// claims are what a token says of its user. Times are in seconds since 1970.
type claims struct {
	ID       int    `json:"id"`
	Username string `json:"username"`
	Role     string `json:"role"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// logIn answers a log-in.
func (s *Server) logIn(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxLogin+1))
	if err != nil {
		sayPage(w, http.StatusBadRequest, "Bad Request")
		return
	}
	if len(text) > maxLogin {
		sayPage(w, http.StatusRequestEntityTooLarge, "Payload Too Large")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		text = []byte("{}")
	}
	name, password, err := credentials(text)
	if err != nil {
		sayPage(w, http.StatusBadRequest, "Bad Request")
		return
	}
	if name == "" || password == "" {
		say(w, http.StatusBadRequest, []byte(`{"message":"Username and password are required"}`))
		return
	}
	answer, ok := s.admit(name, password)
	if !ok {
		s.counts.Add(func(st *Stats) { st.FailedLogins++ })
		say(w, http.StatusUnauthorized, []byte(`{"message":"Invalid username or password"}`))
		return
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic(err) // it has only numbers and strings
	}
	s.counts.Add(func(st *Stats) { st.Logins++ })
	say(w, http.StatusOK, body)
}

// credentials reads the body of a log-in; what is missing is "". The error is
// about what is no JSON object, and about other types.
func credentials(text []byte) (name, password string, err error) {
	// The members of a struct would be found in any case.
	var body map[string]json.RawMessage
	if err := json.Unmarshal(text, &body); err != nil {
		return "", "", err
	}
	for key, value := range map[string]*string{"username": &name, "password": &password} {
		if body[key] == nil {
			continue
		}
		if err := json.Unmarshal(body[key], value); err != nil {
			return "", "", fmt.Errorf("%s: %w", key, err)
		}
	}
	return name, password, nil
}

// admit is what a user is told whose password is right.
func (s *Server) admit(name, password string) (answer login, ok bool) {
	for i, u := range s.options.Users {
		if u.Name != name || u.Password == "" || subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) != 1 {
			continue
		}
		who := account{ID: i + 1, Username: u.Name, Role: u.Role}
		if u.Email != "" {
			who.Email = &u.Email
		}
		if who.Role == "" {
			who.Role = "user"
		}
		now := s.options.Now()
		token := s.tokens.Issue(claims{who.ID, who.Username, who.Role, now.Unix(), now.Add(s.options.TokenLife).Unix()})
		return login{"Login successful", who, token}, true
	}
	return login{}, false
}
