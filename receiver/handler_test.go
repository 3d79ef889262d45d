package receiver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// observed notes what an Observer is told.
type observed struct {
	mu    sync.Mutex
	calls []string
}

func (o *observed) note(format string, a ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, fmt.Sprintf(format, a...))
}

func (o *observed) PushStarted(receiver string) { o.note("started %s", receiver) }
func (o *observed) PushDone(receiver string, result Result, _ time.Duration) {
	o.note("done %s %s", receiver, result)
}
func (o *observed) PushPanicked(receiver string) { o.note("panicked %s", receiver) }

// take returns what was noted since the last take.
func (o *observed) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	calls := o.calls
	o.calls = nil
	return calls
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// fakeEndpoint accepts pushes of which the body is the change for the device in
// the query.
func fakeEndpoint(tb testing.TB, s *Store) Endpoint {
	tb.Helper()
	senders, err := NewSenders(map[string]string{"acme": "s3cret"})
	if err != nil {
		tb.Fatal(err)
	}
	return Endpoint{
		Receiver: "fake",
		Paths:    []string{"/api/setUpsData", "/api/v1/setUpsData"},
		Senders:  senders,
		Secret:   func(r *http.Request) string { return r.URL.Query().Get("companyId") },
		Accept: func(ctx context.Context, p Push) ([]byte, error) {
			key := Key{Kind: "fake", Sender: p.Sender, Device: p.Query.Get("cmm")}
			if err := s.Update(ctx, key, fakeVendor(string(p.Body))); err != nil {
				return nil, err
			}
			return []byte(`{"responseMessage":"OK"}`), nil
		},
	}
}

// fixture is a handler of one endpoint.
type fixture struct {
	*Handler
	observed observed
	refused  Refusals
	log      logText
}

func newFixture(tb testing.TB, e Endpoint) *fixture {
	tb.Helper()
	f := &fixture{}
	h, err := NewHandler(HandlerOptions{Endpoints: []Endpoint{e}, Limiter: NewLimiter(), Refusals: &f.refused, Observer: &f.observed, Logger: f.log.logger()})
	if err != nil {
		tb.Fatal(err)
	}
	f.Handler = h
	return f
}

// reply is what a client got.
type reply struct {
	status int
	body   string
	header http.Header
}

// do sends a request without a network.
func (f *fixture) do(tb testing.TB, method, target, body string) reply {
	tb.Helper()
	return f.send(tb, httptest.NewRequestWithContext(tb.Context(), method, "http://exporter/", strings.NewReader(body)), target)
}

// doFrom posts from an address, for another one unless that is "".
func (f *fixture) doFrom(tb testing.TB, peer, forwardedFor, target, body string) reply {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "http://exporter/", strings.NewReader(body))
	r.RemoteAddr = peer
	if forwardedFor != "" {
		r.Header.Set("X-Forwarded-For", forwardedFor)
	}
	return f.send(tb, r, target)
}

// send sends a request to a target.
func (f *fixture) send(tb testing.TB, r *http.Request, target string) reply {
	tb.Helper()
	path, query, _ := strings.Cut(target, "?")
	if err := setPath(r, path); err != nil {
		tb.Fatal(err)
	}
	r.URL.RawQuery = query
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return reply{status: w.Code, body: w.Body.String(), header: w.Header()}
}

// setPath sets the path as a server reads it from a request line.
func setPath(r *http.Request, path string) error {
	u, err := r.URL.Parse("http://exporter")
	if err != nil {
		return err
	}
	line := "POST " + path + " HTTP/1.1\r\nHost: exporter\r\n\r\n"
	read, err := http.ReadRequest(bufio.NewReader(strings.NewReader(line)))
	if err != nil {
		return err
	}
	u.Path, u.RawPath = read.URL.Path, read.URL.RawPath
	r.URL = u
	return nil
}

const good = "/api/setUpsData?companyId=s3cret&cmm=ups-01"

func TestAnswers(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, test := range map[string]struct {
		method, target, body string
		status               int
		answer               string
		result               Result
		header               map[string]string
	}{
		"accepted":         {http.MethodPost, good, `{"volts":48}`, 200, `{"responseMessage":"OK"}`, Accepted, nil},
		"the other path":   {http.MethodPost, "/api/v1/setUpsData?companyId=s3cret&cmm=ups-01", `{"volts":48}`, 200, `{"responseMessage":"OK"}`, Accepted, nil},
		"deep but not too": {http.MethodPost, good, `{"other":` + nested(63) + `}`, 200, `{"responseMessage":"OK"}`, Accepted, nil},

		"GET":     {http.MethodGet, good, "", 405, `{"message":"only POST is allowed"}`, Unknown, map[string]string{"Allow": "POST"}},
		"OPTIONS": {http.MethodOptions, good, "", 405, `{"message":"only POST is allowed"}`, Unknown, map[string]string{"Allow": "POST"}},
		"PUT":     {http.MethodPut, good, "{}", 405, `{"message":"only POST is allowed"}`, Unknown, map[string]string{"Allow": "POST"}},

		"no secret":     {http.MethodPost, "/api/setUpsData?cmm=ups-01", `{}`, 401, `{"message":"unknown company or token"}`, Unauthorized, map[string]string{"WWW-Authenticate": "Bearer"}},
		"wrong secret":  {http.MethodPost, "/api/setUpsData?companyId=s3cre&cmm=ups-01", `{}`, 401, `{"message":"unknown company or token"}`, Unauthorized, nil},
		"and no JSON":   {http.MethodPost, "/api/setUpsData?companyId=other&cmm=ups-01", `{`, 401, `{"message":"unknown company or token"}`, Unauthorized, nil},
		"broken query":  {http.MethodPost, "/api/setUpsData?companyId=%zz&cmm=ups-01", `{}`, 401, `{"message":"unknown company or token"}`, Unauthorized, nil},
		"no device":     {http.MethodPost, "/api/setUpsData?companyId=s3cret", `{}`, 400, `{"message":"malformed push: the device id is empty"}`, Malformed, nil},
		"empty":         {http.MethodPost, good, "", 400, `{"message":"malformed push: the body is empty: a JSON object was expected"}`, Malformed, nil},
		"no JSON":       {http.MethodPost, good, `{"volts":48,}`, 400, `{"message":"malformed push: the body is no JSON from byte 13 of 13 on"}`, Malformed, nil},
		"half of it":    {http.MethodPost, good, `{"volts":`, 400, `{"message":"malformed push: the body ends in the middle of its JSON, after 9 bytes"}`, Malformed, nil},
		"blanks":        {http.MethodPost, good, " \r\n\t", 400, `{"message":"malformed push: the body is empty: a JSON object was expected"}`, Malformed, nil},
		"two values":    {http.MethodPost, good, `{}{}`, 400, `{"message":"malformed push: the body goes on after its JSON, which ends at byte 2 of 4"}`, Malformed, nil},
		"a zero after":  {http.MethodPost, good, "{} \x00", 400, `{"message":"malformed push: the body goes on after its JSON, which ends at byte 2 of 4"}`, Malformed, nil},
		"byte order":    {http.MethodPost, good, "\ufeff{}", 400, `{"message":"malformed push: the body is no JSON from byte 1 of 5 on"}`, Malformed, nil},
		"a list":        {http.MethodPost, good, `[{"volts":48}]`, 400, `{"message":"malformed push: the body is a list where a JSON object was expected"}`, Malformed, nil},
		"text":          {http.MethodPost, good, `"volts"`, 400, `{"message":"malformed push: the body is text where a JSON object was expected"}`, Malformed, nil},
		"a number":      {http.MethodPost, good, ` -48 `, 400, `{"message":"malformed push: the body is a number where a JSON object was expected"}`, Malformed, nil},
		"true":          {http.MethodPost, good, `true`, 400, `{"message":"malformed push: the body is true where a JSON object was expected"}`, Malformed, nil},
		"null":          {http.MethodPost, good, `null`, 400, `{"message":"malformed push: the body is null where a JSON object was expected"}`, Malformed, nil},
		"too deep":      {http.MethodPost, good, nested(65), 400, `{"message":"malformed push: the body is JSON with more than 64 levels"}`, Malformed, nil},
		"much too deep": {http.MethodPost, good, strings.Repeat("[", 1<<20), 400, `{"message":"malformed push: the body is JSON with more than 64 levels"}`, Malformed, nil},
		"wrong type":    {http.MethodPost, good, `{"volts":"x"}`, 400, `{"message":"malformed push\njson: cannot unmarshal string into Go struct field fakeState.volts of type float64"}`, Malformed, nil},
		"largest body":  {http.MethodPost, good, `{}` + strings.Repeat(" ", maxBody-2), 200, `{"responseMessage":"OK"}`, Accepted, nil},
		"too large":     {http.MethodPost, good, `{}` + strings.Repeat(" ", maxBody-1), 413, `{"message":"push too large: the body has 1048577 bytes, more than 1048576"}`, TooLarge, nil},

		"root":              {http.MethodPost, "/", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"a slash before":    {http.MethodPost, "//api/setUpsData?companyId=s3cret&cmm=ups-01", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"a slash after":     {http.MethodPost, "/api/setUpsData/?companyId=s3cret&cmm=ups-01", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"dots":              {http.MethodPost, "/api/../api/setUpsData?companyId=s3cret&cmm=ups-01", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"a dot":             {http.MethodPost, "/api/./setUpsData?companyId=s3cret&cmm=ups-01", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"an encoded slash":  {http.MethodPost, "/api%2FsetUpsData?companyId=s3cret&cmm=ups-01", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"an encoded letter": {http.MethodPost, "/%61pi/setUpsData?companyId=s3cret&cmm=ups-01", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"upper case":        {http.MethodPost, "/API/setUpsData?companyId=s3cret&cmm=ups-01", "{}", 404, `{"message":"not found"}`, Unknown, nil},
		"metrics":           {http.MethodGet, "/metrics", "", 404, `{"message":"not found"}`, Unknown, nil},
		"no path":           {http.MethodOptions, "*", "", 404, `{"message":"not found"}`, Unknown, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, fakeEndpoint(t, openOn(t, newMemory(), Options{})))
			got := f.do(t, test.method, test.target, test.body)
			if got.status != test.status || got.body != test.answer {
				t.Errorf("got %d %s, want %d %s", got.status, got.body, test.status, test.answer)
			}
			want := map[string]string{"Content-Type": "application/json", "X-Content-Type-Options": "nosniff", "Allow": "", "Retry-After": "", "Location": ""}
			maps.Copy(want, test.header)
			for name, value := range want {
				if got := got.header.Get(name); got != value {
					t.Errorf("header %s is %q, want %q", name, got, value)
				}
			}
			receiver := "fake"
			if test.status == 404 {
				receiver = ""
			}
			if diff := cmp.Diff([]string{"started " + receiver, "done " + receiver + " " + string(test.result)}, f.observed.take()); diff != "" {
				t.Errorf("difference from what should be observed (-) to what is (+):\n%s", diff)
			}
			if containsAny(f.log.String(), "s3cre", "other", "level=INFO", "level=ERROR") {
				t.Errorf("the log says too much: %s", f.log.String())
			}
		})
	}
}

// TestAnswersToErrors is what a device gets for what goes wrong behind the
// handler.
func TestAnswersToErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		status int
		answer string
		result Result
		retry  string
		level  string
	}{
		"malformed":    {fmt.Errorf("%w: no cmm", ErrMalformed), 400, "malformed push: no cmm", Malformed, "", "WARN"},
		"a long text":  {fmt.Errorf("%w: %s", ErrMalformed, strings.Repeat("x", 1000)), 400, "malformed push: " + strings.Repeat("x", 184), Malformed, "", "WARN"},
		"unauthorized": {fmt.Errorf("%w: secret things", ErrUnauthorized), 401, "unknown company or token", Unauthorized, "", "WARN"},
		"too large":    {fmt.Errorf("%w: outlets", ErrTooLarge), 413, "push too large: outlets", TooLarge, "", "WARN"},
		"flood":        {fmt.Errorf("x: %w", &TooManyError{What: "pushes too often", RetryAfter: 1500 * time.Millisecond}), 429, "pushes too often", Limited, "2", "WARN"},
		"too many":     {fmt.Errorf("%w: x", ErrTooMany), 429, "too many pushes", Limited, "1", "WARN"},
		"storage":      {fmt.Errorf("%w: writing /data/pushes.db: no space", ErrStorage), 503, "the push could not be stored", NotStored, "30", "DEBUG"},
		"stopping":     {errClosed, 503, "the push could not be stored", NotStored, "30", "DEBUG"},
		"another":      {errors.New("index of /data"), 500, "the push could not be handled", Failed, "", "ERROR"},
		"aborted":      {fmt.Errorf("%w: x", errAborted), 400, "the push was broken off", Aborted, "", "DEBUG"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := fakeEndpoint(t, nil)
			e.Accept = func(context.Context, Push) ([]byte, error) { return []byte("not this"), test.err }
			f := newFixture(t, e)
			got := f.do(t, http.MethodPost, good, "{}")
			if want := `{"message":"` + test.answer + `"}`; got.status != test.status || got.body != want {
				t.Errorf("got %d %s, want %d %s", got.status, got.body, test.status, want)
			}
			want := []Refusal{{Receiver: "fake", Client: netip.MustParseAddr("192.0.2.1"), Sender: "acme", Result: test.result, Message: test.answer, Count: 1}}
			if diff := cmp.Diff(want, f.refused.Lately(), cmpopts.IgnoreFields(Refusal{}, "First", "Last"), cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("difference from what should be remembered (-) to what is (+):\n%s", diff)
			}
			if retry := got.header.Get("Retry-After"); retry != test.retry {
				t.Errorf("Retry-After is %q, want %q", retry, test.retry)
			}
			if diff := cmp.Diff([]string{"started fake", "done fake " + string(test.result)}, f.observed.take()); diff != "" {
				t.Errorf("difference from what should be observed (-) to what is (+):\n%s", diff)
			}
			if log := f.log.String(); !strings.Contains(log, "level="+test.level) || strings.Count(log, "\n") != 1 || strings.Contains(log, "s3cret") {
				t.Errorf("the log is %s", log)
			}
		})
	}
}

func TestAPanicIsA500(t *testing.T) {
	t.Parallel()
	e := fakeEndpoint(t, nil)
	e.Accept = func(context.Context, Push) ([]byte, error) {
		var none []byte
		return none[:1], nil
	}
	f := newFixture(t, e)
	for range 2 { // the second shows that the first did no lasting harm
		got := f.do(t, http.MethodPost, good, "{}")
		if got.status != http.StatusInternalServerError || got.body != `{"message":"the push could not be handled"}` {
			t.Errorf("got %d %s", got.status, got.body)
		}
		if diff := cmp.Diff([]string{"started fake", "panicked fake", "done fake failed"}, f.observed.take()); diff != "" {
			t.Errorf("difference from what should be observed (-) to what is (+):\n%s", diff)
		}
	}
	if log := f.log.String(); !strings.Contains(log, "handler_test.go") || strings.Contains(log, "s3cret") {
		t.Errorf("the log does not say where, or too much: %s", log)
	}
	if len(f.places) != 0 {
		t.Errorf("%d places are still taken", len(f.places))
	}
}

// post sends n requests and counts their answers.
func (f *fixture) post(tb testing.TB, n int, target func(int) string) map[int]int {
	tb.Helper()
	counts := map[int]int{}
	for i := range n {
		counts[f.do(tb, http.MethodPost, target(i), `{"volts":1}`).status]++
	}
	return counts
}

// TestABadDeviceAmongGoodOnes is a fleet behind one address, of which one
// device is set up wrongly and tries for ever.
func TestABadDeviceAmongGoodOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openOn(t, newMemory(), Options{})
		f := newFixture(t, fakeEndpoint(t, s))
		device := func(i int) string { return "/api/setUpsData?companyId=s3cret&cmm=" + strconv.Itoa(i) }
		bad := func(int) string { return "/api/setUpsData?companyId=wrong&cmm=x" }
		if diff := cmp.Diff(map[int]int{200: 2000}, f.post(t, 2000, device)); diff != "" {
			t.Errorf("2,000 devices behind one address (- wanted, + got):\n%s", diff)
		}
		if diff := cmp.Diff(map[int]int{401: 100, 429: 900}, f.post(t, 1000, bad)); diff != "" {
			t.Errorf("a wrong device (- wanted, + got):\n%s", diff)
		}
		if diff := cmp.Diff(map[int]int{200: 50}, f.post(t, 50, device)); diff != "" {
			t.Errorf("good devices among it (- wanted, + got):\n%s", diff)
		}
		got := f.do(t, http.MethodPost, bad(0), "{}")
		if got.body != `{"message":"too many requests of this address were refused"}` || got.header.Get("Retry-After") != "1" {
			t.Errorf("the answer is %s, Retry-After %q", got.body, got.header.Get("Retry-After"))
		}
		closeStore(t, s)
	})
}

// TestGuessing shows that who tries secrets learns nothing, even from the right
// one, once it has tried too many.
func TestGuessing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openOn(t, newMemory(), Options{})
		f := newFixture(t, fakeEndpoint(t, s))
		guess := func(i int) string { return "/api/setUpsData?cmm=x&companyId=guess" + strconv.Itoa(i) }
		if diff := cmp.Diff(map[int]int{401: 30, 429: 20}, f.post(t, 50, guess)); diff != "" {
			t.Errorf("guesses (- wanted, + got):\n%s", diff)
		}
		got := f.do(t, http.MethodPost, good, `{"volts":1}`)
		if got.status != http.StatusTooManyRequests || got.body != `{"message":"too many wrong secrets came from this address"}` || got.header.Get("Retry-After") != "10" {
			t.Errorf("the right one gets %d %s, Retry-After %q", got.status, got.body, got.header.Get("Retry-After"))
		}
		pass(10 * time.Second)
		if diff := cmp.Diff(map[int]int{200: 3}, f.post(t, 3, func(int) string { return good })); diff != "" {
			t.Errorf("afterwards (- wanted, + got):\n%s", diff)
		}
		closeStore(t, s)
	})
}

// TestGuessingAtALongSecret shows that who has a long secret is not kept out by
// others at the address who guess, and that these learn nothing else.
func TestGuessingAtALongSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const long = "9f86d081884c7d659a2feaa0"
		s := openOn(t, newMemory(), Options{})
		e := fakeEndpoint(t, s)
		var err error
		if e.Senders, err = NewSenders(map[string]string{"long": long, "short": "s3cret", "twice": "abababababababababababab"}); err != nil {
			t.Fatal(err)
		}
		f := newFixture(t, e)
		push := func(secret string) int {
			return f.do(t, http.MethodPost, "/api/setUpsData?cmm=x&companyId="+secret, `{"volts":1}`).status
		}
		for i := range 50 {
			push("guess" + strconv.Itoa(i))
		}
		for secret, want := range map[string]int{
			long: 200, "s3cret": 429, "abababababababababababab": 429, long[:23] + "1": 429, "": 429, "guess1": 429, long + long: 429,
		} {
			if got := push(secret); got != want {
				t.Errorf("%s is answered with %d, want %d", secret, got, want)
			}
		}
		if got := f.do(t, http.MethodGet, "/", "").status; got != 429 {
			t.Errorf("another path is answered with %d", got)
		}
		closeStore(t, s)
	})
}

// TestOursAreNotTheirs shows that no client is held to what the exporter or its
// disk does wrong.
func TestOursAreNotTheirs(t *testing.T) {
	t.Parallel()
	st := newMemory()
	st.fail(errDisk)
	f := newFixture(t, fakeEndpoint(t, openOn(t, st, Options{})))
	device := func(i int) string { return "/api/setUpsData?companyId=s3cret&cmm=" + strconv.Itoa(i) }
	if diff := cmp.Diff(map[int]int{503: 300}, f.post(t, 300, device)); diff != "" {
		t.Errorf("with a full disk (- wanted, + got):\n%s", diff)
	}
	if len(f.options.Limiter.clients) != 0 {
		t.Errorf("%d addresses are limited", len(f.options.Limiter.clients))
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inside, goOn := make(chan struct{}, 2*maxPushes), make(chan struct{})
		e := fakeEndpoint(t, nil)
		e.Accept = func(context.Context, Push) ([]byte, error) {
			inside <- struct{}{}
			<-goOn
			return []byte("{}"), nil
		}
		f := newFixture(t, e)
		done := make(chan int, 2*maxPushes)
		for range maxPushes + 10 {
			go func() { done <- f.do(t, http.MethodPost, good, "{}").status }()
		}
		synctest.Wait()
		if len(inside) != maxPushes || len(done) != 0 {
			t.Errorf("%d pushes are in memory, %d done; want %d and none", len(inside), len(done), maxPushes)
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		r := httptest.NewRequestWithContext(gone, http.MethodPost, good, strings.NewReader("{}"))
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "broken off") {
			t.Errorf("one that does not wait gets %d %s", w.Code, w.Body)
		}
		close(goOn)
		for range maxPushes + 10 {
			if status := <-done; status != 200 {
				t.Errorf("got %d", status)
			}
		}
	})
}

func TestPathsTwice(t *testing.T) {
	t.Parallel()
	e, other := fakeEndpoint(t, nil), fakeEndpoint(t, nil)
	other.Receiver = "other"
	_, err := NewHandler(HandlerOptions{Endpoints: []Endpoint{e, other}, Logger: slog.New(slog.DiscardHandler)})
	if err == nil || err.Error() != "the receivers fake and other have the same path /api/setUpsData" {
		t.Errorf("error is %v", err)
	}
}

func TestResults(t *testing.T) {
	t.Parallel()
	results := Results()
	slices.Sort(results)
	if len(slices.Compact(results)) != 9 {
		t.Errorf("the results are %v", results)
	}
}
