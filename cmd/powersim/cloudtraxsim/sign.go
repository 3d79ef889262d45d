package cloudtraxsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// Signature is what the Signature header of a request must be: the HMAC-SHA256
// in lower-case hex, keyed with the secret, of the Authorization header, the path
// with its query, and the body, without anything between them.
func Signature(secret, authorization, pathAndQuery string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(authorization + pathAndQuery))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
