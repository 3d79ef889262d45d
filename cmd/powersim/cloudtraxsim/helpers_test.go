package cloudtraxsim_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// list is where the list of the document's network is.
const list = "/powerstrip/network/12345/list"

// clock is a clock that a test sets.
type clock struct{ unixNano atomic.Int64 }

// newClock begins when the document's GET /time does.
func newClock() *clock {
	c := &clock{}
	c.unixNano.Store(time.Date(2015, 8, 24, 13, 52, 0, 0, time.UTC).UnixNano())
	return c
}

// Now is the time.
func (c *clock) Now() time.Time { return time.Unix(0, c.unixNano.Load()) }

// add lets time pass.
func (c *clock) add(d time.Duration) { c.unixNano.Add(int64(d)) }

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of the body
}

// request is what is sent: a request that is signed as it should be, but for
// what a test changes.
type request struct {
	method, path, body string // GET if there is no method
	key, secret        string // the demo's if there is no key
	at                 time.Time
	nonce              string
	edit               func(http.Header)
}

// header signs the request, without the package's help.
func (q request) header() http.Header {
	if q.key == "" {
		q.key, q.secret = cloudtraxsim.DemoKey, cloudtraxsim.DemoSecret
	}
	if q.at.IsZero() {
		q.at = time.Now()
	}
	if q.nonce == "" {
		q.nonce = rand.Text()
	}
	authorization := fmt.Sprintf("key=%s,timestamp=%d,nonce=%s", q.key, q.at.Unix(), q.nonce)
	mac := hmac.New(sha256.New, []byte(q.secret))
	mac.Write([]byte(authorization + q.path + q.body))
	h := http.Header{}
	h.Set("OpenMesh-API-Version", "1")
	h.Set("Content-Type", "application/json")
	h.Set("Authorization", authorization)
	h.Set("Signature", hex.EncodeToString(mac.Sum(nil)))
	if q.edit != nil {
		q.edit(h)
	}
	return h
}

// do sends a request that follows no redirect, and reads the answer.
func do(t *testing.T, url string, q request) (answer, error) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer transport.CloseIdleConnections()
	if q.method == "" {
		q.method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(t.Context(), q.method, url+q.path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = q.header()
	resp, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text), err}, nil
}

// ask is do for requests that must be answered.
func ask(t *testing.T, url string, q request) answer {
	t.Helper()
	a, err := do(t, url, q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks with the demo's key and the right time.
func get(t *testing.T, url, path string) answer {
	t.Helper()
	return ask(t, url, request{path: path})
}

// decoded is a reply of some type, of which every member must be known.
func decoded[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// listed is the list of a network.
func listed(t *testing.T, url string, network int64) []cloudtraxsim.Listed {
	t.Helper()
	a := get(t, url, fmt.Sprintf("/powerstrip/network/%d/list", network))
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return decoded[struct{ Powerstrips []cloudtraxsim.Listed }](t, a.body).Powerstrips
}

// strip is the object of a strip.
func strip(t *testing.T, url string, id int64) cloudtraxsim.Strip {
	t.Helper()
	a := get(t, url, fmt.Sprintf("/powerstrip/%d", id))
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return decoded[cloudtraxsim.Strip](t, a.body)
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, cloud *cloudtraxsim.Cloud, wanted func(cloudtraxsim.Stats) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := cloud.Wait(ctx, wanted); err != nil {
		t.Fatal(err)
	}
}
