package cloudtraxsim_test

import (
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// The signatures are those of OpenSSL, each by
//
//	printf '%s' '<authorization><path and query><body>' | openssl dgst -sha256 -hmac demo-secret
//
// and the cloud takes them.
func TestSignature(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method, authorization, path, body, signature string
		status                                             int
	}{
		{
			"path", http.MethodGet, "key=demo-key,timestamp=1440424320,nonce=Zx81", list, "",
			"81a8fcb7d88f742dc7051cf3586efe95bbdd0484fa97f2a1bb80cc44ea19007c", http.StatusOK,
		},
		{
			"query", http.MethodGet, "key=demo-key,timestamp=1440424320,nonce=Zx82", "/powerstrip/1/usage?period=day", "",
			"c8a91dc58f778a63902a333ab4b30c9f0f77f7820b2c17bc0b2baf87618aefc3", http.StatusOK,
		},
		{
			"body", http.MethodPut, "key=demo-key,timestamp=1440424320,nonce=Zx83", "/powerstrip/1", `{"name":"garage"}`,
			"c31d61e968dd0e4dab2796e15b973139da85731969947398abbd0911d1913764", http.StatusForbidden, // as with a read-only key
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := cloudtraxsim.Signature("demo-secret", tt.authorization, tt.path, []byte(tt.body)); got != tt.signature {
				t.Errorf("%s, want %s", got, tt.signature)
			}
			_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Now: newClock().Now}, cloudtraxsim.Manual())
			a := ask(t, url, request{method: tt.method, path: tt.path, body: tt.body, edit: func(h http.Header) {
				h.Set("Authorization", tt.authorization)
				h.Set("Signature", tt.signature)
			}})
			if a.Status != tt.status {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
}
