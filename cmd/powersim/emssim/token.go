package emssim

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"
)

// Why a token is refused.
var (
	errForged  = errors.New("the token is invalid")
	errExpired = errors.New("the token has expired")
)

// claims is what a token says (RFC 7519). The document says no more than that it
// is a JWT: the names but for iat and exp are assumed.
type claims struct {
	Username string `json:"username"`
	Role     string `json:"role"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// tokens issues JSON Web Tokens signed with HS256, and checks them.
type tokens struct {
	mu  sync.Mutex
	key []byte
}

// newTokens has a key of its own.
func newTokens() *tokens {
	t := &tokens{}
	t.expire()
	return t
}

// expire takes another key, so that no token issued before is good any more.
func (t *tokens) expire() {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it never fails
	t.mu.Lock()
	defer t.mu.Unlock()
	t.key = key
}

// issue signs a token.
func (t *tokens) issue(c claims) string {
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(marshal(c))
	return signed + "." + encode(t.signature(signed))
}

// check judges a token: nil, errForged or errExpired.
func (t *tokens) check(token string, now time.Time) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errForged
	}
	var header struct {
		Alg string `json:"alg"`
	}
	if decode(parts[0], &header) != nil || header.Alg != "HS256" {
		return errForged
	}
	signature, err := encoding().DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, t.signature(parts[0]+"."+parts[1])) {
		return errForged
	}
	var c claims
	if decode(parts[1], &c) != nil {
		return errForged
	}
	if !now.Before(time.Unix(c.Expires, 0)) {
		return errExpired
	}
	return nil
}

// signature is that of the first two parts of a token.
func (t *tokens) signature(signed string) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(signed))
	return mac.Sum(nil)
}

// encoding is how a part of a token is written; a part can be written in one
// way only.
func encoding() *base64.Encoding { return base64.RawURLEncoding.Strict() }

// encode writes a part of a token.
func encode(part []byte) string { return encoding().EncodeToString(part) }

// decode reads a part of a token that is JSON.
func decode(part string, to any) error {
	text, err := encoding().DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}
