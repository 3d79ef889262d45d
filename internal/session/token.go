package session

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"power_exporter/power"
)

// A token is believed to live between shortestLife and longestLife. What is
// longer might be more than a Duration holds; what is shorter would cost a log-in
// for every few requests, and a session that ends is renewed anyway when it is no
// longer accepted.
const (
	shortestLife = time.Minute
	longestLife  = 366 * 24 * time.Hour
)

// IsToken reports whether a text can be sent as a token or cookie: it has the
// characters that both may have (RFC 6265, section 4.1.1, of which those of RFC
// 6750, section 2.1, are a part).
func IsToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`",;\`, r)
	})
}

// TokenLife is how long a JSON Web Token lasts, by its claims iat and exp (RFC
// 7519). Both are by the clock of who made it, which may be years away from ours,
// so neither says anything alone. It is otherwise for what says no life that can
// be right, or is no such token. The signature is for who made it to check.
func TokenLife(token string, otherwise time.Duration) time.Duration {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return otherwise
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return otherwise
	}
	var claims struct {
		Issued  power.Number `json:"iat"` // seconds since 1970
		Expires power.Number `json:"exp"` // seconds since 1970
	}
	if json.Unmarshal(payload, &claims) != nil {
		return otherwise
	}
	issued, dated := power.Seconds(claims.Issued).Get()
	expires, ends := power.Seconds(claims.Expires).Get()
	life := expires - issued
	if !dated || !ends || life < shortestLife.Seconds() || life > longestLife.Seconds() {
		return otherwise
	}
	return time.Duration(life * float64(time.Second))
}
