package powersentrixsim

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// tokens makes JSON Web Tokens, as RFC 7519 has them, and knows its own.
type tokens struct {
	now  func() time.Time
	life time.Duration

	mu     sync.Mutex
	secret []byte
}

// claims is what a token says.
type claims struct {
	Subject   string `json:"sub"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
}

// newTokens makes tokens that are valid for so long.
func newTokens(now func() time.Time, life time.Duration) *tokens {
	t := &tokens{now: now, life: life}
	t.revoke()
	return t
}

// revoke ends every token.
func (t *tokens) revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.secret = []byte(rand.Text())
}

// issue makes a token for a user.
func (t *tokens) issue(email string) string {
	// The document's token begins so, too.
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS512"}`))
	now := t.now()
	body := encode(claims{email, now.Unix(), now.Add(t.life).Unix()})
	signed := header + "." + base64.RawURLEncoding.EncodeToString(body)
	return signed + "." + t.sign(signed)
}

// valid says whether a token was issued here and has not ended.
func (t *tokens) valid(token string) bool {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 || !hmac.Equal([]byte(t.sign(token[:dot])), []byte(token[dot+1:])) {
		return false
	}
	_, payload, _ := strings.Cut(token[:dot], ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return false
	}
	var c claims
	return json.Unmarshal(text, &c) == nil && t.now().Unix() < c.ExpiresAt
}

// sign is the last part of a token.
func (t *tokens) sign(signed string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	mac := hmac.New(sha512.New, t.secret)
	mac.Write([]byte(signed))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
