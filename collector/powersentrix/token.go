package powersentrix

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"power_exporter/power"
)

// longestLife is the longest that a token is believed to last: what is longer is
// of no use, and might be more than a Duration holds.
const longestLife = 365 * 24 * time.Hour

// lifeOf is how long a JSON Web Token lasts, by its claims exp and iat (RFC
// 7519). With both of them the clocks need not agree. It is 0 if the token does
// not say. The signature is for the portal to check.
func lifeOf(token string, now time.Time) time.Duration {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return 0
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return 0
	}
	var claims struct {
		Issued  power.Number `json:"iat"`
		Expires power.Number `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return 0
	}
	expires, ok := power.Seconds(claims.Expires).Get()
	issued, dated := power.Seconds(claims.Issued).Get()
	if !dated {
		issued = float64(now.UnixMilli()) / 1000
	}
	life := expires - issued
	if !ok || life <= 0 {
		return 0
	}
	return time.Duration(min(life, longestLife.Seconds()) * float64(time.Second))
}
