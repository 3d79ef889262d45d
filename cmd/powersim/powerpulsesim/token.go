package powerpulsesim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Why a token is refused.
var (
	errNoToken = errors.New("no token")
	errInvalid = errors.New("invalid token")
	errExpired = errors.New("expired token")
)

// claims are what a token says of its user. Times are in seconds since 1970.
type claims struct {
	ID       int    `json:"id"`
	Username string `json:"username"`
	Role     string `json:"role"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// header is that of a JSON Web Token.
type header struct {
	Algorithm string `json:"alg"`
	Type      string `json:"typ"`
}

// sign makes a token: RFC 7519, with the algorithm HS256 of RFC 7518.
func sign(secret []byte, c claims) string {
	signed := segment(header{"HS256", "JWT"}) + "." + segment(c)
	return signed + "." + signature(secret, signed)
}

// verify reads a token that sign made with the same secret and whose time is
// not over. The error is errInvalid or errExpired.
func verify(secret []byte, token string, now time.Time) (claims, error) {
	end := strings.LastIndexByte(token, '.')
	if end < 0 {
		return claims{}, errInvalid
	}
	signed := token[:end]
	if !hmac.Equal([]byte(token[end+1:]), []byte(signature(secret, signed))) {
		return claims{}, errInvalid
	}
	first, second, _ := strings.Cut(signed, ".")
	var h header
	var c claims
	if open(first, &h) != nil || h.Algorithm != "HS256" || open(second, &c) != nil {
		return claims{}, errInvalid
	}
	if now.Unix() >= c.Expires {
		return claims{}, errExpired
	}
	return c, nil
}

// signature is the third part of a token.
func signature(secret []byte, signed string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// segment is one of the first two parts of a token.
func segment[T header | claims](v T) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it has only numbers and strings
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// open reads what segment made.
func open[T header | claims](part string, v *T) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}
