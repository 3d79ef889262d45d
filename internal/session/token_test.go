package session

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// jwt is a token with the claims.
func jwt(claims string) string {
	return "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2lnbmF0dXJl"
}

func TestTokenLife(t *testing.T) {
	t.Parallel()
	const otherwise = 42 * time.Minute
	for claims, want := range map[string]time.Duration{
		`{"id":1,"iat":1740657600,"exp":1740744000}`: 24 * time.Hour,
		`{"iat":"1752493029","exp":"1752493629"}`:    10 * time.Minute,
		`{"iat":1000.5,"exp":1100}`:                  99*time.Second + 500*time.Millisecond,
		`{"iat":0,"exp":60,"aud":{}}`:                time.Minute,
		`{"iat":4102444800,"exp":4102446600}`:        30 * time.Minute, // of a clock in the year 2100
		`{"iat":86400,"exp":88200}`:                  30 * time.Minute, // of one in 1970
		`{"iat":0,"exp":31622400}`:                   366 * 24 * time.Hour,
		`{"iat":0,"exp":31622401}`:                   otherwise,
		`{"iat":0,"exp":59.9}`:                       otherwise,
		`{"iat":0,"exp":1752493029975}`:              otherwise, // milliseconds
		`{"iat":0,"exp":1e300}`:                      otherwise,
		`{"iat":1752493029,"exp":1752493029}`:        otherwise,
		`{"iat":1752493029,"exp":1752493000}`:        otherwise,
		`{"exp":1740744000}`:                         otherwise,
		`{"iat":null,"exp":1740744000}`:              otherwise,
		`{"iat":1752493029}`:                         otherwise,
		`{"iat":1752493029,"exp":"soon"}`:            otherwise,
		`{"iat":1752493029,"exp":true}`:              otherwise,
		`{}`:                                         otherwise,
		`[]`:                                         otherwise,
		`{`:                                          otherwise,
		``:                                           otherwise,
	} {
		token := jwt(claims)
		padded := token[:strings.LastIndexByte(token, '.')] + "==" + token[strings.LastIndexByte(token, '.'):]
		for _, text := range []string{token, padded} {
			if got := TokenLife(text, otherwise); got != want {
				t.Errorf("%s: got %s, want %s", claims, got, want)
			}
		}
	}
	for _, token := range []string{"", "opaque", "a.b", "..", "a.!.c", strings.TrimPrefix(jwt(`{"iat":0,"exp":600}`), "eyJhbGciOiJIUzI1NiJ9.")} {
		if got := TokenLife(token, otherwise); got != otherwise {
			t.Errorf("%q: got %s, want %s", token, got, otherwise)
		}
	}
}

// TestOtherClocks shows that tokens cost a log-in for each of their lives, and
// none for each request, whatever the clock by which they were made.
func TestOtherClocks(t *testing.T) {
	t.Parallel()
	for name, claims := range map[string]string{
		"years behind":                  `{"iat":86400,"exp":88200}`,
		"years ahead":                   `{"iat":4102444800,"exp":4102446600}`,
		"only an end, years ago":        `{"exp":88200}`,
		"only an end, in ten seconds":   `{"exp":946684810}`, // a bubble begins in 2000
		"only an end, in years":         `{"exp":4102446600}`,
		"a life too short to be true":   `{"iat":1000,"exp":1001}`,
		"an end before the beginning":   `{"iat":1000,"exp":900}`,
		"milliseconds, which are years": `{"iat":1000000,"exp":1801000000}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			logIns := 0
			s := New(func(context.Context) (string, time.Duration, error) {
				logIns++
				return jwt(claims), TokenLife(jwt(claims), 30*time.Minute), nil
			})
			for range 8 * 60 { // an hour and 59 minutes
				if err := s.Ready(t.Context()); err != nil {
					t.Error(err)
				}
				<-time.After(15*time.Second - time.Second/8)
			}
			if want := 5; logIns != want {
				t.Errorf("%s: %d log-ins, want %d", name, logIns, want)
			}
		})
	}
}

func TestIsToken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"abc": true, "a.b-c_d~e+f/g==": true, "!#$%&'()*": true,
		"": false, " ": false, "a b": false, "a\nb": false, "a\r\nX: b": false, "ä": false, "a\x7f": false,
		`"`: false, ",": false, ";": false, `\`: false,
	} {
		if got := IsToken(text); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

// FuzzTokenLife reads arbitrary text as a token: its life is always one that a
// session can use.
func FuzzTokenLife(f *testing.F) {
	f.Add(`{"iat":1,"exp":1801}`)
	f.Add(`{"iat":-1e308,"exp":1e308}`)
	f.Add(`{"iat":null,"exp":"1e9"}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, token := range []string{text, "." + text + ".", jwt(text)} {
			if life := TokenLife(token, time.Hour); life < shortestLife || life > longestLife {
				t.Errorf("%q lasts %s", token, life)
			}
		}
	})
}
