package cloudtrax

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// signer signs requests.
type signer struct{ key, secret string }

// stamp is what proves who makes a request. It is for that request alone.
type stamp struct{ nonce, authorization, signature string }

// stamp signs a request to a URL at a time by the service's clock.
func (s signer) stamp(now time.Time, address string) (stamp, error) {
	u, err := url.Parse(address)
	if err != nil {
		return stamp{}, errors.New("the address cannot be signed")
	}
	return s.sign(now, rand.Text(), u.RequestURI()), nil
}

// sign is the HMAC-SHA256, keyed with the secret, of the Authorization header
// and the path with its query, as it is sent.
func (s signer) sign(now time.Time, nonce, path string) stamp {
	authorization := fmt.Sprintf("key=%s,timestamp=%d,nonce=%s", s.key, now.Unix(), nonce)
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte(authorization + path))
	return stamp{nonce, authorization, hex.EncodeToString(mac.Sum(nil))}
}

// header is the headers of a request with the stamp.
func (s stamp) header() http.Header {
	h := plain()
	h.Set("Authorization", s.authorization)
	h.Set("Signature", s.signature)
	return h
}

// plain is the headers that even a request has that needs no signature.
func plain() http.Header {
	h := http.Header{}
	h.Set("OpenMesh-API-Version", "1")
	h.Set("Content-Type", "application/json")
	return h
}

// secrets is all that must not be shown of a request.
func (s stamp) secrets(by signer) []string {
	return []string{s.authorization, s.signature, s.nonce, by.secret, by.key}
}
