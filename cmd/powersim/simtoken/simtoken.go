// Package simtoken makes JSON Web Tokens, as RFC 7519 has them, signed with HMAC
// and a secret that nobody else knows, and judges those that are shown.
package simtoken

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"hash"
	"strings"
	"sync"
	"time"
)

// Why a token is refused.
var (
	ErrInvalid = errors.New("the token is invalid")
	ErrExpired = errors.New("the token has expired")
)

// secretSize is how many bytes a secret has.
const secretSize = 64

// Issuer makes tokens and knows its own. All its methods may be called at any
// time from any goroutine.
type Issuer struct {
	header string // the first part of every token
	hash   func() hash.Hash

	mu     sync.Mutex
	secret []byte
}

// NewHS256 is an issuer with the algorithm HS256 of RFC 7518.
func NewHS256() *Issuer { return newIssuer(`{"alg":"HS256","typ":"JWT"}`, sha256.New) }

// NewHS512 is an issuer with the algorithm HS512 of RFC 7518, whose tokens do not
// say that they are JSON Web Tokens.
func NewHS512() *Issuer { return newIssuer(`{"alg":"HS512"}`, sha512.New) }

// newIssuer has a secret of its own.
func newIssuer(header string, hash func() hash.Hash) *Issuer {
	i := &Issuer{header: encode([]byte(header)), hash: hash}
	i.Revoke()
	return i
}

// Revoke takes another secret, so that no token made before is good any more.
func (i *Issuer) Revoke() {
	secret := make([]byte, secretSize)
	_, _ = rand.Read(secret) // it never fails
	i.mu.Lock()
	defer i.mu.Unlock()
	i.secret = secret
}

// Issue makes a token that says the claims, as JSON. Their member exp is its
// end, in seconds since 1970.
func (i *Issuer) Issue(claims any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err) // claims are numbers and strings
	}
	signed := i.header + "." + encode(body)
	return signed + "." + i.signature(signed)
}

// Check judges a token: nil, ErrInvalid for one that was not made here, to the
// letter, since the last Revoke, or ErrExpired for one whose end has come.
func (i *Issuer) Check(token string, now time.Time) error {
	end := strings.LastIndexByte(token, '.')
	if end < 0 || !hmac.Equal([]byte(token[end+1:]), []byte(i.signature(token[:end]))) {
		return ErrInvalid
	}
	header, body, _ := strings.Cut(token[:end], ".")
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || header != i.header {
		return ErrInvalid
	}
	var claims struct {
		Expires int64 `json:"exp"`
	}
	if json.Unmarshal(text, &claims) != nil {
		return ErrInvalid
	}
	if now.Unix() >= claims.Expires {
		return ErrExpired
	}
	return nil
}

// signature is the last part of a token.
func (i *Issuer) signature(signed string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	mac := hmac.New(i.hash, i.secret)
	mac.Write([]byte(signed))
	return encode(mac.Sum(nil))
}

// encode writes a part of a token.
func encode(part []byte) string { return base64.RawURLEncoding.EncodeToString(part) }
