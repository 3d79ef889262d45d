package cloudtraxsim_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// Only an Authorization header of the documented form is taken, however it is
// signed.
func FuzzAuthorization(f *testing.F) {
	for _, header := range []string{
		"key=demo-key,timestamp=1440424320,nonce=Zx81",
		"key=demo-key, timestamp=1440424320, nonce=Zx81",
		"key=demo-key,timestamp=+1440424320,nonce=,",
		"key=,timestamp=9223372036854775807,nonce=é",
		"key=demo-key,nonce=1,timestamp=-9223372036854775808",
		"Bearer demo-key",
		",,,",
		"",
	} {
		f.Add(header)
	}
	form := regexp.MustCompile(`^key=demo-key,timestamp=1440\d{6},nonce=[^, \t]+$`)
	f.Fuzz(func(t *testing.T, header string) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{Now: newClock().Now}, cloudtraxsim.Manual())
		defer cloud.Close()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, list, nil)
		r.Header = request{edit: func(h http.Header) {
			h.Set("Authorization", header)
			h.Set("Signature", cloudtraxsim.Signature(cloudtraxsim.DemoSecret, header, list, nil))
		}}.header()
		w := httptest.NewRecorder()
		cloud.ServeHTTP(w, r)
		if taken := w.Code == http.StatusOK; taken && !form.MatchString(header) {
			t.Errorf("%q was taken", header)
		}
		if w.Code != http.StatusOK && w.Code != http.StatusUnauthorized {
			t.Errorf("%q: %d %s", header, w.Code, w.Body)
		}
	})
}
