package synlinksim_test

import (
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

// bearer is the administrator's credential.
const bearer = "Bearer " + synlinksim.AdminToken

// get asks as the administrator.
func get(t *testing.T, url string) simtest.Answer {
	t.Helper()
	return simtest.Ask(t, http.MethodGet, url, "", "Authorization", bearer)
}

// logIn gives the session of the administrator.
func logIn(t *testing.T, url string) string {
	t.Helper()
	a := simtest.Ask(t, http.MethodPost, url+"/login", `{"username":"admin","password":"admin"}`)
	if a.Status != http.StatusOK {
		t.Fatalf("logging in: %d %s", a.Status, a.Body)
	}
	return a.Header.Get("Token")
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, pdu *synlinksim.PDU, wanted func(synlinksim.Stats) bool) {
	t.Helper()
	simtest.Wait(t, pdu.Wait, wanted)
}

// recorded plays a recorded model.
func recorded(t *testing.T, options synlinksim.Options, name string) (pdu *synlinksim.PDU, url string) {
	t.Helper()
	m, err := synlinksim.Recorded(name)
	if err != nil {
		t.Fatal(err)
	}
	return synlinksim.Start(t, options, m)
}
