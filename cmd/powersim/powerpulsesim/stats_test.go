package powerpulsesim_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

func TestStats(t *testing.T) {
	t.Parallel()
	server, url := recorded(t, powerpulsesim.Options{}, "raw")
	size := 0
	count := func(a simtest.Answer) { size += len(a.Body) }
	session := ask(t, http.MethodPost, url+login, admin)
	count(session)
	token := simtest.Decoded[struct{ Token string }](t, session.Body).Token
	count(ask(t, http.MethodPost, url+login, `{"username":"x","password":"y"}`))
	for range 20 { // one after the other is never two at a time, however long the answer
		count(get(t, url+systems, token))
	}
	count(get(t, url+systems, ""))
	count(get(t, url+systems+"/1", token))
	count(ask(t, http.MethodDelete, url+systems+"/1", ""))
	wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 0 })
	want := powerpulsesim.Stats{
		Traffic: simcount.Traffic{
			Requests:    map[string]int{"POST " + login: 2, "GET " + systems: 21, "GET " + systems + "/1": 1, "DELETE " + systems + "/1": 1},
			Answers:     map[int]int{200: 22, 401: 3},
			MaxInFlight: 1, BytesOut: int64(size),
		},
		Logins: 1, FailedLogins: 1,
	}
	if diff := cmp.Diff(want, server.Stats()); diff != "" {
		t.Error(diff)
	}
	server.Stats().Requests["x"] = 1
	if n := server.Stats().Requests["x"]; n != 0 {
		t.Error("a copy is none")
	}
}

// Five at a time are five, wherever they wait.
func TestMaxInFlight(t *testing.T) {
	t.Parallel()
	server, url := recorded(t, powerpulsesim.Options{}, "running")
	until := make(chan struct{})
	server.SetFault(kiosk, simfault.Fault{Until: until})
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if a, err := do(t, http.MethodGet, url+kiosk, ""); err != nil || a.Status != http.StatusOK {
				t.Errorf("%d, %v", a.Status, err)
			}
		})
	}
	wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 5 })
	close(until)
	group.Wait()
	wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 0 })
	if n := server.Stats().MaxInFlight; n != 5 {
		t.Errorf("%d", n)
	}
}
