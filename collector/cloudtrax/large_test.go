package cloudtrax

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
)

// TestThreeOfForty shows that strips fail alone: the others have their ports, and
// the error names each.
func TestThreeOfForty(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Large(40))
	cloud.SetFault("/powerstrip/100002", simfault.Fault{Status: 500})
	cloud.SetFault("/powerstrip/100017", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"})
	cloud.SetFault("/powerstrip/100039", simfault.Fault{WrongTypes: true})
	devices, err := collect(t, open(t, options(t, address, large)))
	want := `reading strip ac:86:74:01:86:a2 ("Strip 0002"): GET /powerstrip/100002: 500 Internal Server Error
reading strip ac:86:74:01:86:b1 ("Strip 0017"): GET /powerstrip/100017: the answer is a web page and not JSON: does the address lead to the device itself?
reading strip ac:86:74:01:86:c7 ("Strip 0039"): GET /powerstrip/100039: 6 of the 6 ports are without port_id`
	if m := message(err); m != want {
		t.Errorf("error\n%s\nwant\n%s", m, want)
	}
	if len(devices) != 40 {
		t.Fatalf("%d devices", len(devices))
	}
	for i, d := range devices {
		number := i + 1
		failed := number == 2 || number == 17 || number == 39
		outlets := 6
		if failed || number%10 == 0 {
			outlets = 0
		}
		if d.Up != (number%10 != 0) || len(d.Outlets) != outlets || len(d.Inlets) > 0 != d.Up || !strings.HasSuffix(d.Name, string(rune('0'+number%10))) {
			t.Errorf("strip %d: %s", number, summary(devices[i:i+1]))
		}
	}
	if n := cloud.Stats().MaxInFlight; n > 4 {
		t.Errorf("%d requests at a time", n)
	}
}

// TestCost counts requests and connections of a first reading and of those after
// it: the connections are kept. net/http may open one more than are used at a time
// while it waits for one to become free.
func TestCost(t *testing.T) {
	t.Parallel()
	cloud := cloudtraxsim.New(cloudtraxsim.Options{Latency: time.Millisecond}, cloudtraxsim.Large(40))
	t.Cleanup(func() { _ = cloud.Close() })
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(cloud)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c := open(t, options(t, server.URL, large))
	for i := range 5 {
		if _, err := collect(t, c); err != nil {
			t.Error(err)
		}
		if n := asked(cloud); n != (i+1)*37 {
			t.Errorf("%d requests after %d readings of a list and 36 strips that are up", n, i+1)
		}
	}
	if n := opened.Load(); n > 8 {
		t.Errorf("%d connections for %d requests", n, asked(cloud))
	}
}
