package cloudtraxsim_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/cloudtraxsim"
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
		bytes += len(ask(t, url, q).body)
	}
	want := cloudtraxsim.Stats{
		Requests:    map[string]int{"GET " + list: 2, "GET /powerstrip/1/usage": 1, "DELETE /powerstrip/1": 1},
		Answers:     map[int]int{200: 2, 401: 1, 403: 1},
		Refused:     map[int]int{13000: 1, 13006: 1},
		MaxInFlight: 1,
		BytesOut:    int64(bytes),
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
			if a, err := do(t, url, request{path: "/powerstrip/" + id}); err != nil || a.status != http.StatusOK {
				t.Errorf("%d, %v", a.status, err)
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

// lastByte is an answer that looks at the counts when it is complete.
type lastByte struct {
	*httptest.ResponseRecorder
	cloud    *cloudtraxsim.Cloud
	complete []int // requests in flight then
}

// Write takes a part of the body.
func (w *lastByte) Write(p []byte) (int, error) {
	n, err := w.ResponseRecorder.Write(p)
	if strconv.Itoa(w.Body.Len()) == w.Header().Get("Content-Length") {
		w.complete = append(w.complete, w.cloud.Stats().InFlight)
	}
	return n, err
}

// A client that asks again as soon as it has its answer is never two.
func TestInFlightIsExact(t *testing.T) {
	t.Parallel()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Large(40))
	defer cloud.Close()
	cloud.SetFault("/powerstrip/100002", simfault.Fault{Status: 500, Body: []byte("{}")})
	for _, path := range []string{"/powerstrip/network/34567/list", "/powerstrip/100001", "/powerstrip/100002", "/nothing"} {
		w := &lastByte{ResponseRecorder: httptest.NewRecorder(), cloud: cloud}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header = request{path: path}.header()
		cloud.ServeHTTP(w, r)
		if !slices.Equal(w.complete, []int{0}) {
			t.Errorf("%s: in flight when complete: %v", path, w.complete)
		}
	}
	if s := cloud.Stats(); s.InFlight != 0 || s.MaxInFlight != 1 {
		t.Errorf("%+v", s)
	}
}

// Who waits for what never comes is told what came.
func TestWaitInVain(t *testing.T) {
	t.Parallel()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{})
	defer cloud.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := cloud.Wait(ctx, func(cloudtraxsim.Stats) bool { return false })
	if err == nil || !strings.HasPrefix(err.Error(), "context canceled, and the counts are {Requests:map[]") {
		t.Error(err)
	}
}
