package cloudtrax

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
)

// TestPaths lists everything that is ever asked for: by good readings, bad ones,
// and those of a service that tries to make the collector act.
func TestPaths(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{ClockOffset: time.Hour}, cloudtraxsim.Manual(), cloudtraxsim.Office())
	read := func(network string) {
		_, err := collect(t, open(t, options(t, address, network)))
		t.Log(err)
	}
	read(manual)
	read(office)
	read("999")
	for _, hostile := range []string{"1/reboot", "1/checkin?", "1/enable_pairing#", "1/port/1/reset", "network/12345/expedite_upgrade", "../powerstrip/1/reboot", "1%2freboot", "1\\reboot", "", "-1", "1e0"} {
		body := fmt.Sprintf(`{"powerstrips":[{"powerstrip_id":%q,"mac":"ac:86:74:00:00:00","cloud_status":"up"}]}`, hostile)
		cloud.SetFault(manualList, simfault.Fault{Body: []byte(body), Times: 1})
		c := open(t, options(t, address, manual))
		expect(t, c, hostile, "ac:86:74:00:00:00 up absent V 0 outlets", "reading strip ac:86:74:00:00:00: its powerstrip_id is not a number")
	}
	for _, path := range []string{manualList, "/powerstrip/1", "/time"} {
		for _, act := range []string{"/powerstrip/1/reboot", "/powerstrip/1/port/1/reset", "/powerstrip/network/12345/expedite_upgrade"} {
			for _, status := range []int{301, 302, 303, 307, 308} {
				cloud.SetFault(path, simfault.Fault{Location: act, Status: status, Times: 1})
				read(manual)
			}
		}
	}
	want := []string{
		"GET /powerstrip/1", "GET /powerstrip/101", "GET /powerstrip/102",
		"GET /powerstrip/network/12345/list", "GET /powerstrip/network/23456/list", "GET /powerstrip/network/999/list",
		"GET /time",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(cloud.Stats().Requests))); diff != "" {
		t.Errorf("requests (-want +got)\n%s", diff)
	}
	if acted := cloud.Acted(); len(acted) != 0 {
		t.Errorf("acted: %v", acted)
	}
}

// nonces notes the nonce of each request that goes through it.
type nonces struct {
	http.Handler

	mu   sync.Mutex
	seen map[string]int
}

func (n *nonces) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, nonce, signed := strings.Cut(r.Header.Get("Authorization"), ",nonce=")
	if signed {
		n.mu.Lock()
		n.seen[nonce]++
		n.mu.Unlock()
	}
	n.Handler.ServeHTTP(w, r)
}

// check reports nonces that came again.
func (n *nonces) check(t *testing.T, want int) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	for nonce, times := range n.seen {
		if times > 1 || len(nonce) < 20 {
			t.Errorf("nonce %q came %d times", nonce, times)
		}
	}
	if len(n.seen) != want {
		t.Errorf("%d nonces, want %d", len(n.seen), want)
	}
}

// TestNoncesNeverComeAgain counts nonces over readings that are repeated because
// of the clock, or fail.
func TestNoncesNeverComeAgain(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	cloud := cloudtraxsim.New(cloudtraxsim.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}, cloudtraxsim.Large(40))
	t.Cleanup(func() { _ = cloud.Close() })
	all := &nonces{Handler: cloud, seen: map[string]int{}}
	c := open(t, options(t, serve(t, all), large))
	for i := range 10 {
		ahead.Store(int64(time.Duration(i) * time.Hour)) // each reading learns the time again, but the first
		cloud.SetFault(fmt.Sprintf("/powerstrip/%d", 100001+i), simfault.Fault{Status: 500})
		if devices, err := collect(t, c); len(devices) != 40 || err == nil {
			t.Errorf("%d: %d devices, %v", i, len(devices), err)
		}
	}
	// A list and 36 strips that are up each time, and 9 lists that were refused.
	all.check(t, 10*37+9)
	if n := cloud.Stats().Refused[13003]; n != 0 {
		t.Errorf("%d nonces were refused", n)
	}
}

// TestBrokenConnections lets the service close kept connections after it has read
// a request, which net/http would send again as it is.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Manual())
	t.Cleanup(func() { _ = cloud.Close() })
	var requests, broken atomic.Int32
	all := &nonces{seen: map[string]int{}}
	all.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Of four requests one is the first on its connection, and answered.
		if requests.Add(1)%4 == 2 {
			broken.Add(1)
			panic(http.ErrAbortHandler)
		}
		cloud.ServeHTTP(w, r)
	})
	o := options(t, serve(t, all), manual)
	o.MaxConcurrency = 1
	c := open(t, o)
	for range 10 {
		expect(t, c, "a broken connection", whole, "")
	}
	if n := broken.Load(); n < 5 || int(requests.Load()) != 20+int(n) {
		t.Errorf("%d connections broke in %d requests", n, requests.Load())
	}
	all.check(t, int(requests.Load()))
}

// TestBrokenTwice shows that a request is not repeated without end, and not at all
// on a connection that is new.
func TestBrokenTwice(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	c := open(t, options(t, address, manual))
	for _, tt := range []struct {
		path    string
		want    map[string]int
		devices string
		failure string
	}{
		{manualList, map[string]int{"GET " + manualList: 1}, "", "reading the list of network 12345: GET " + manualList + ": reset"},
		{"/powerstrip/1", map[string]int{"GET " + manualList: 1, "GET /powerstrip/1": 2}, listOnly, `reading strip ac:86:74:00:00:00 ("Pat's Desk MP60"): GET /powerstrip/1: reset`},
	} {
		cloud.SetFault(tt.path, simfault.Fault{Reset: true})
		got := cost(t, cloud, func() { expect(t, c, tt.path, tt.devices, tt.failure) })
		cloud.SetFault(tt.path, simfault.Fault{})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: requests (-want +got)\n%s", tt.path, diff)
		}
	}
}
