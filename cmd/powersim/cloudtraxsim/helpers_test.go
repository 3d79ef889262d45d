package cloudtraxsim_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simtest"
)

// list is where the list of the document's network is.
const list = "/powerstrip/network/12345/list"

// newClock begins when the document's GET /time does.
func newClock() *simtest.Clock {
	return simtest.NewClock(time.Date(2015, 8, 24, 13, 52, 0, 0, time.UTC))
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

// do sends a request and reads the answer.
func do(t *testing.T, url string, q request) (simtest.Answer, error) {
	t.Helper()
	if q.method == "" {
		q.method = http.MethodGet
	}
	var headers []string
	for name, values := range q.header() {
		headers = append(headers, name, values[0])
	}
	return simtest.Do(t, q.method, url+q.path, q.body, headers...)
}

// ask is do for requests that must be answered.
func ask(t *testing.T, url string, q request) simtest.Answer {
	t.Helper()
	a, err := do(t, url, q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks with the demo's key and the right time.
func get(t *testing.T, url, path string) simtest.Answer {
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
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return decoded[struct{ Powerstrips []cloudtraxsim.Listed }](t, a.Body).Powerstrips
}

// strip is the object of a strip.
func strip(t *testing.T, url string, id int64) cloudtraxsim.Strip {
	t.Helper()
	a := get(t, url, fmt.Sprintf("/powerstrip/%d", id))
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return decoded[cloudtraxsim.Strip](t, a.Body)
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, cloud *cloudtraxsim.Cloud, wanted func(cloudtraxsim.Stats) bool) {
	t.Helper()
	simtest.Wait(t, cloud.Wait, wanted)
}
