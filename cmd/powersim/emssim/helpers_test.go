package emssim_test

import (
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simtest"
)

// credentials is the body of the log-in of the zero Options' account.
const credentials = `{"username":"admin","password":"s3cret!"}`

// post sends a body of a log-in to a URL.
func post(t *testing.T, url, body string) simtest.Answer {
	t.Helper()
	return simtest.Ask(t, http.MethodPost, url, body, "Content-Type", "application/json")
}

// logIn gives a token of the zero Options' account.
func logIn(t *testing.T, url string) string {
	t.Helper()
	a := post(t, url+"/v1/auth/login", credentials)
	if a.Status != http.StatusOK {
		t.Fatalf("logging in: %d %s", a.Status, a.Body)
	}
	return simtest.Decoded[struct{ Token string }](t, a.Body).Token
}

// session plays a model and logs in: get asks for a path with the token.
func session(t *testing.T, options emssim.Options, model emssim.Model) (ems *emssim.EMS, get func(path string) simtest.Answer) {
	t.Helper()
	ems, url := emssim.Start(t, options, model)
	token := logIn(t, url)
	return ems, func(path string) simtest.Answer {
		t.Helper()
		return simtest.Ask(t, http.MethodGet, url+path, "", "Authorization", "Bearer "+token)
	}
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, ems *emssim.EMS, wanted func(emssim.Stats) bool) {
	t.Helper()
	simtest.Wait(t, ems.Wait, wanted)
}
