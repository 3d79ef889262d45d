package e2e

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// TestOneAccountOfAService reads three networks of the CloudTrax service, two of
// them with one key. When the service tells one of those to wait, the other is not
// asked for either, and that of the other key is.
func TestOneAccountOfAService(t *testing.T) {
	const secret = "demo-secret"
	keys := []cloudtraxsim.Key{{Key: "first", Secret: secret}, {Key: "second", Secret: secret}}
	cloud := cloudtraxsim.New(cloudtraxsim.Options{Keys: keys}, cloudtraxsim.Manual(), cloudtraxsim.Office(), cloudtraxsim.Large(2))
	var mu sync.Mutex
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		mu.Unlock()
		if r.URL.Path == "/powerstrip/network/12345/list" {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		cloud.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.Close()
		if err := cloud.Close(); err != nil {
			t.Error(err)
		}
	})
	file := write(t, room(t), "config.yml", `
auths:
  first: {key: first, secret: `+secret+`}
  again: {key: first, secret: `+secret+`}
  second: {key: second, secret: `+secret+`}
modules:
  cloudtrax: {cache_ttl: 0s, cloudtrax: {url: "`+server.URL+`"}}
  lists: {collector: cloudtrax, cache_ttl: 0s, cloudtrax: {url: "`+server.URL+`", ports: off}}
targets:
- {name: told, address: "12345", module: cloudtrax, auth: first}
- {name: same-key, address: "23456", module: lists, auth: again}
- {name: other-key, address: "34567", module: cloudtrax, auth: second}
`)
	e := startExporter(t, "--config.file="+file)
	for _, probe := range []struct{ target, success string }{
		{"same-key", "1"}, {"told", "0"}, {"told", "0"}, {"same-key", "1"}, {"other-key", "1"},
	} {
		e.probe(t, "target="+probe.target).want(t, map[string]string{"probe_success": probe.success})
	}
	mu.Lock()
	defer mu.Unlock()
	for path, want := range map[string]int{
		"/powerstrip/network/12345/list": 1, "/powerstrip/network/23456/list": 1, "/powerstrip/network/34567/list": 1,
	} {
		if asked[path] != want {
			t.Errorf("%s was asked for %d times, want %d", path, asked[path], want)
		}
	}
}
