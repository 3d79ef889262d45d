package ems

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/emssim"
)

// TestChoice reads some of a site, and compares what was asked for.
func TestChoice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		uids     []int
		protocol string
		devices  string
		asked    []string // of the second reading, and before of the lists
	}{
		{
			name: "two devices", uids: []int{80, 59},
			devices: " EM1/Heat pump Virtual meter/House",
			asked:   []string{"devices?uids=80,59", "loads?", "realtime?limit=1000&page=1&uids=200,201,202,203,204,205,206,207,208,209,210,211,212,213,220,400,401,402"},
		},
		{
			name: "a protocol", protocol: "meterBus",
			devices: " Main meter/Main/Kitchen",
			asked:   []string{"devices?protocol=meterBus", "loads?protocol=meterBus", "realtime?limit=1000&page=1&uids=100,101,102,103,104,105,106,110,111,112"},
		},
		{
			name: "both", uids: []int{1, 70}, protocol: "P1",
			devices: " Smart meter/Grid",
			asked:   []string{"devices?protocol=P1&uids=1,70", "loads?protocol=P1", "realtime?limit=1000&page=1&uids=300,301,302,303,304,305,306,307,308"},
		},
		{
			name: "none that there is", uids: []int{4711},
			devices: "",
			asked:   []string{"devices?uids=4711", "loads?", "realtime?limit=1000&page=1"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ems := emssim.New(emssim.Options{}, emssim.MustRecorded("site"))
			var mu sync.Mutex
			var asked []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				if strings.HasPrefix(r.URL.Path, "/v1/devices") || strings.HasPrefix(r.URL.Path, "/v1/loads") || strings.HasPrefix(r.URL.Path, "/v1/realtime") {
					asked = append(asked, strings.TrimPrefix(r.URL.Path, "/v1/")+"?"+r.URL.RawQuery)
				}
				mu.Unlock()
				ems.ServeHTTP(w, r)
			}))
			t.Cleanup(func() {
				server.Close()
				_ = ems.Close()
			})
			o := options(t, server.URL)
			o.UIDs, o.Protocol = tt.uids, tt.protocol
			c := newFor(t, o)
			for range 2 {
				if got := names(mustCollect(t, c)); got != tt.devices {
					t.Errorf("devices %q, want %q", got, tt.devices)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			var got []string
			for _, q := range asked {
				if !strings.HasPrefix(q, "realtime") {
					got = append(got, q)
				}
			}
			if len(got) == 2 && got[0] > got[1] {
				got[0], got[1] = got[1], got[0] // they are asked for at the same time
			}
			got = append(got, asked[len(asked)-1])
			if diff := cmp.Diff(tt.asked, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestALongChoice reads all values where naming the signals would be too long for
// a URL.
func TestALongChoice(t *testing.T) {
	t.Parallel()
	var uids []int
	for uid := range 600 {
		uids = append(uids, uid)
	}
	c, ems := start(t, emssim.Options{}, emssim.Large(1500), func(o *Options) { o.UIDs = uids })
	read := mustCollect(t, c)
	if again := mustCollect(t, c); len(again) != len(read) || len(read) != 1+36 { // 17 uids are a meter
		t.Errorf("%d and %d devices", len(read), len(again))
	}
	if c.uids != "" || c.filter != "" {
		t.Errorf("the URL has %q and %q", c.uids, c.filter)
	}
	if n := ems.Stats().Requests["GET /v1/realtime"]; n != 3+2 {
		t.Errorf("%d requests", n)
	}
}

func TestParameter(t *testing.T) {
	t.Parallel()
	var uids []string
	for uid := range 375 {
		uids = append(uids, fmt.Sprintf("%03d", uid))
	}
	// Four bytes are one uid with its comma.
	if text := parameter(uids); len(text) != 375*4-1 {
		t.Errorf("%d bytes", len(text))
	}
	if text := parameter(append(uids, "375")); text != "" {
		t.Errorf("%d bytes", len(text))
	}
	if text := parameter([]string{strings.Repeat("ä", 250)}); text == "" { // which is six bytes each
		t.Error("no text")
	}
	if text := parameter([]string{strings.Repeat("ä", 251)}); text != "" {
		t.Errorf("%d bytes", len(text))
	}
	if text := parameter(nil); text != "" {
		t.Errorf("got %q of none", text)
	}
}
