package cloudtraxsim_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
)

func TestStats(t *testing.T) {
	t.Parallel()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	bytes := 0
	for _, q := range []request{
		{path: list},
		{path: list, edit: func(h http.Header) { h.Set("Signature", "0") }},
		{path: "/powerstrip/1/usage?period=week"},
		{path: "/powerstrip/1", method: http.MethodDelete},
	} {
		bytes += len(ask(t, url, q).Body)
	}
	want := cloudtraxsim.Stats{
		Traffic: simcount.Traffic{
			Requests:    map[string]int{"GET " + list: 2, "GET /powerstrip/1/usage": 1, "DELETE /powerstrip/1": 1},
			Answers:     map[int]int{200: 2, 401: 1, 403: 1},
			MaxInFlight: 1,
			BytesOut:    int64(bytes),
		},
		Refused: map[int]int{13000: 1, 13006: 1},
	}
	if diff := cmp.Diff(want, cloud.Stats()); diff != "" {
		t.Error(diff)
	}
}

// Four at the same time are four.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Office())
	open := make(chan struct{})
	var group sync.WaitGroup
	for _, id := range []string{"101", "102", "103", "104"} {
		cloud.SetFault("/powerstrip/"+id, simfault.Fault{Until: open})
		group.Go(func() {
			if a, err := do(t, url, request{path: "/powerstrip/" + id}); err != nil || a.Status != http.StatusOK {
				t.Errorf("%d, %v", a.Status, err)
			}
		})
	}
	wait(t, cloud, func(s cloudtraxsim.Stats) bool { return s.InFlight == 4 })
	close(open)
	group.Wait()
	if s := cloud.Stats(); s.InFlight != 0 || s.MaxInFlight != 4 {
		t.Errorf("%+v", s)
	}
}
