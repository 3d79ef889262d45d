package cloudtrax

import (
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// TestSignature compares with openssl:
//
//	printf '%s' 'key=0123abcd,timestamp=1440424320,nonce=ThisIsANonce/powerstrip/network/12345/list' |
//	  openssl dgst -sha256 -hmac 'demo-secret'
//	printf '%s' 'key=0123abcd,timestamp=1440424320,nonce=ThisIsANonce/powerstrip/123456/usage?period=day' |
//	  openssl dgst -sha256 -hmac 'a secret with spaces, and ümlauts'
func TestSignature(t *testing.T) {
	t.Parallel()
	now := time.Date(2015, 8, 24, 13, 52, 0, 999, time.UTC)
	for _, tt := range []struct{ secret, path, want string }{
		{"demo-secret", "/powerstrip/network/12345/list", "9a3affa9e59b415653a691ed58eab3d175095cf1d75839b7e684f0c9f9d955ee"},
		{"a secret with spaces, and ümlauts", "/powerstrip/123456/usage?period=day", "03d737ba4205dc320c4c482a0a36a80246a69a07896a832da03db6674fb8f982"},
	} {
		s := signer{key: "0123abcd", secret: tt.secret}.sign(now, "ThisIsANonce", tt.path)
		if want := "key=0123abcd,timestamp=1440424320,nonce=ThisIsANonce"; s.authorization != want {
			t.Errorf("got %s, want %s", s.authorization, want)
		}
		if s.signature != tt.want {
			t.Errorf("%s: got %s, want %s", tt.path, s.signature, tt.want)
		}
		if got := cloudtraxsim.Signature(tt.secret, s.authorization, tt.path, nil); got != tt.want {
			t.Errorf("%s: the simulator wants %s", tt.path, got)
		}
	}
}

// TestStamp shows what is signed of an address, and that no two stamps are alike.
func TestStamp(t *testing.T) {
	t.Parallel()
	by := signer{key: "k", secret: "s"}
	for address, path := range map[string]string{
		"https://api-v3.cloudtrax.com/powerstrip/1":       "/powerstrip/1",
		"http://127.0.0.1:8080/base/powerstrip/1?a=b%20c": "/base/powerstrip/1?a=b%20c",
		"https://api-v3.cloudtrax.com":                    "/",
	} {
		got, err := by.stamp(time.Unix(1440424320, 0), address)
		if err != nil {
			t.Fatal(err)
		}
		if want := by.sign(time.Unix(1440424320, 0), got.nonce, path); got != want {
			t.Errorf("%s: got %v, want %v", address, got, want)
		}
		h := got.header()
		if len(h) != 4 || h.Get("OpenMesh-API-Version") != "1" || h.Get("Content-Type") != "application/json" ||
			h.Get("Authorization") != got.authorization || h.Get("Signature") != got.signature || strings.Contains(got.authorization, " ") {
			t.Errorf("headers %v", h)
		}
	}
	if _, err := by.stamp(time.Now(), "http://\x7f"); err == nil || strings.Contains(err.Error(), "\x7f") {
		t.Errorf("an impossible address: %v", err)
	}
	seen := map[string]bool{}
	for range 10_000 {
		s, err := by.stamp(time.Unix(1440424320, 0), "http://a/b")
		if err != nil || seen[s.nonce] || len(s.nonce) < 20 {
			t.Fatalf("nonce %q after %d, %v", s.nonce, len(seen), err)
		}
		seen[s.nonce] = true
	}
}
