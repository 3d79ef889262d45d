package synlinksim_test

import (
	"net/http"
	"sync"
	"testing"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

// Three requests at the same time to a PDU that answers two.
func TestMaxRequests(t *testing.T) {
	for _, reset := range []bool{false, true} {
		pdu, url := recorded(t, synlinksim.Options{MaxRequests: 2, OverloadReset: reset}, "single8")
		open := make(chan struct{})
		pdu.SetFault("/api/banks", synlinksim.Fault{Until: open})
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() {
				a, err := simtest.Do(t, http.MethodGet, url+"/api/banks", "", "Authorization", bearer)
				if err != nil || a.Status != http.StatusOK {
					t.Errorf("%d, %v", a.Status, err)
				}
			})
		}
		wait(t, pdu, func(s synlinksim.Stats) bool { return s.InFlight == 2 })
		a, err := simtest.Do(t, http.MethodGet, url+"/api/device", "", "Authorization", bearer)
		if (err != nil) != reset || !reset && a.Status != http.StatusServiceUnavailable {
			t.Errorf("%d, %v", a.Status, err)
		}
		close(open)
		group.Wait()
		stats := pdu.Stats()
		if stats.InFlight != 0 || stats.MaxInFlight != 3 || stats.Overloaded != 1 || stats.Answers[200] != 2 {
			t.Errorf("%+v", stats)
		}
	}
}

// A client that asks again as soon as it has its answer is never two.
func TestInFlightIsExact(t *testing.T) {
	pdu, url := recorded(t, synlinksim.Options{MaxRequests: 1}, "rack36")
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	for _, path := range []string{"/api/outlets", "/api/diagnostics"} {
		for range 200 {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", bearer)
			resp, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			body := make([]byte, resp.ContentLength)
			for n := 0; n < len(body); {
				m, err := resp.Body.Read(body[n:])
				n += m
				if err != nil && n < len(body) {
					t.Fatal(err)
				}
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Fatal(resp.Status)
			}
		}
	}
	if stats := pdu.Stats(); stats.MaxInFlight != 1 || stats.BytesOut == 0 {
		t.Errorf("%+v", stats)
	}
}
