package cloudtraxsim

import (
	"bytes"
	"crypto/hmac"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxSkew = 15 * time.Minute // between the clocks of client and cloud
	maxBody = 1 << 20
)

// claim is what an Authorization header says.
type claim struct {
	key       string
	timestamp int64 // Unix seconds
	nonce     string
}

// claimOf reads an Authorization header, key=…,timestamp=…,nonce=… in this order
// and without spaces. What is not where it belongs is missing.
func claimOf(header string) (c claim, complete bool) {
	key, rest, _ := strings.Cut(header, ",")
	stamp, nonce, _ := strings.Cut(rest, ",")
	key, named := strings.CutPrefix(key, "key=")
	if !named {
		return claim{}, false
	}
	stamp, stamped := strings.CutPrefix(stamp, "timestamp=")
	nonce, marked := strings.CutPrefix(nonce, "nonce=")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	plain := err == nil && stamp == strconv.FormatInt(seconds, 10) // no sign, no zeros in front
	complete = stamped && plain && marked && nonce != "" && !strings.ContainsAny(nonce, ", \t")
	return claim{key, seconds, nonce}, complete
}

// authorize finds the key that signed a request, or refuses the request.
func (c *Cloud) authorize(w http.ResponseWriter, r *http.Request) (Key, *refusal) {
	if r.Header.Get("OpenMesh-API-Version") != "1" {
		return Key{}, refuse(http.StatusBadRequest, codeVersion, "authorize", "Version is not valid.")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return Key{}, refuse(http.StatusBadRequest, codeMissingParameter, "Content-Type", "Missing parameter.")
	}
	authorization := r.Header.Get("Authorization")
	claimed, complete := claimOf(authorization)
	if !complete {
		return Key{}, c.unauthorized(codeNoNonce, "No nonce or timestamp in header.")
	}
	signature := r.Header.Get("Signature")
	if signature == "" {
		return Key{}, c.unauthorized(codeNoSignature, "Empty signature header.")
	}
	key, ok := c.keyOf(claimed)
	if !ok {
		return Key{}, c.unauthorized(codeUnknownKey, "Unknown key.")
	}
	now := c.now()
	if skew := now.Sub(time.Unix(claimed.timestamp, 0)); skew > maxSkew || skew < -maxSkew {
		return Key{}, c.unauthorized(codeClock, "Timestamp too old or in the future.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return Key{}, exception(http.StatusRequestEntityTooLarge, "authorize", "The body is too long.")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !hmac.Equal([]byte(Signature(key.Secret, authorization, r.URL.RequestURI(), body)), []byte(signature)) {
		return Key{}, c.unauthorized(codeSignature, "Signature wrong.")
	}
	if !c.nonces.take(claimed.nonce, now) {
		return Key{}, c.unauthorized(codeNonceRepeated, "Nonce already exists.")
	}
	return key, nil
}

// keyOf is the key that a request says to be of.
func (c *Cloud) keyOf(claimed claim) (Key, bool) {
	for _, key := range c.options.Keys {
		if key.Key != "" && key.Key == claimed.key {
			return key, true
		}
	}
	return Key{}, false
}
