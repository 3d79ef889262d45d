package cloudtraxsim_test

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// refusal is the body of a refusal.
func refusal(code, context, message, values string) string {
	return `{"errors":[{"code":` + code + `,"context":"` + context + `","message":"` + message + `","values":{` + values + `}}]}` + "\n"
}

// What is not as it should be in a request is refused with the code for it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(http.Header) {
		return func(h http.Header) { h.Set(name, value) }
	}
	// resign writes another Authorization, signed rightly.
	resign := func(authorization string) func(http.Header) {
		return func(h http.Header) {
			h.Set("Authorization", authorization)
			h.Set("Signature", cloudtraxsim.Signature(cloudtraxsim.DemoSecret, authorization, list, nil))
		}
	}
	const (
		stamp   = "1440424320"
		right   = "key=demo-key,timestamp=" + stamp + ",nonce=n"
		version = "Version is not valid."
		missing = "No nonce or timestamp in header."
		wrong   = "Signature wrong."
		clock   = "Timestamp too old or in the future."
	)
	for _, tt := range []struct {
		name         string
		edit         func(http.Header)
		status, code int
		message      string
		context      string // "" is authorize
	}{
		{"nothing wrong", resign(right), 200, 0, "", ""},
		{"charset", set("Content-Type", "application/json; charset=utf-8"), 200, 0, "", ""},

		{"no version", func(h http.Header) { h.Del("OpenMesh-API-Version") }, 400, 13004, version, ""},
		{"version 2", set("OpenMesh-API-Version", "2"), 400, 13004, version, ""},
		{"no content type", func(h http.Header) { h.Del("Content-Type") }, 400, 1006, "Missing parameter.", "Content-Type"},
		{"text", set("Content-Type", "text/plain"), 400, 1006, "Missing parameter.", "Content-Type"},

		{"no authorization", func(h http.Header) { h.Del("Authorization") }, 401, 13001, missing, ""},
		{"bearer", resign("Bearer demo-key"), 401, 13001, missing, ""},
		{"spaces", resign("key=demo-key, timestamp=" + stamp + ", nonce=n"), 401, 13001, missing, ""},
		{"space in the nonce", resign("key=demo-key,timestamp=" + stamp + ",nonce=n 1"), 401, 13001, missing, ""},
		{"no key", resign("timestamp=" + stamp + ",nonce=n"), 401, 13001, missing, ""},
		{"no nonce", resign("key=demo-key,timestamp=" + stamp), 401, 13001, missing, ""},
		{"empty nonce", resign("key=demo-key,timestamp=" + stamp + ",nonce="), 401, 13001, missing, ""},
		{"no timestamp", resign("key=demo-key,nonce=n"), 401, 13001, missing, ""},
		{"timestamp in words", resign("key=demo-key,timestamp=now,nonce=n"), 401, 13001, missing, ""},
		{"timestamp with decimals", resign("key=demo-key,timestamp=" + stamp + ".5,nonce=n"), 401, 13001, missing, ""},
		{"timestamp with a sign", resign("key=demo-key,timestamp=+" + stamp + ",nonce=n"), 401, 13001, missing, ""},
		{"another order", resign("key=demo-key,nonce=n,timestamp=" + stamp), 401, 13001, missing, ""},
		{"more", resign(right + ",more=1"), 401, 13001, missing, ""},

		{"no signature", func(h http.Header) { h.Del("Signature") }, 401, 13015, "Empty signature header.", ""},
		{"unknown key", resign("key=other,timestamp=" + stamp + ",nonce=n"), 401, 13011, "Unknown key.", ""},
		{"empty key", resign("key=,timestamp=" + stamp + ",nonce=n"), 401, 13011, "Unknown key.", ""},
		{"timestamp in milliseconds", resign("key=demo-key,timestamp=" + stamp + "000,nonce=n"), 401, 13002, clock, ""},
		{"timestamp 0", resign("key=demo-key,timestamp=0,nonce=n"), 401, 13002, clock, ""},
		{"wrong signature", set("Signature", strings.Repeat("0", 64)), 401, 13000, wrong, ""},
		{"upper case", func(h http.Header) { h.Set("Signature", strings.ToUpper(h.Get("Signature"))) }, 401, 13000, wrong, ""},
		{"another nonce", set("Authorization", right), 401, 13000, wrong, ""},
		{"another path", set("Signature", cloudtraxsim.Signature(cloudtraxsim.DemoSecret, right, "/powerstrip/1", nil)), 401, 13000, wrong, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := newClock().Now
			cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Now: now}, cloudtraxsim.Manual())
			a := ask(t, url, request{path: list, at: now(), edit: tt.edit})
			if a.Status != tt.status {
				t.Errorf("%d %s", a.Status, a.Body)
			}
			if tt.code == 0 {
				return
			}
			if want := refusal(strconv.Itoa(tt.code), cmp.Or(tt.context, "authorize"), tt.message, ""); a.Body != want {
				t.Errorf("%s, want %s", a.Body, want)
			}
			if kind := a.Header.Get("Content-Type"); kind != "application/json" {
				t.Errorf("content type %s", kind)
			}
			if stats := cloud.Stats(); stats.Refused[tt.code] != 1 || stats.Answers[tt.status] != 1 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

func TestUnauthorizedStatus(t *testing.T) {
	t.Parallel()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Unauthorized: http.StatusForbidden}, cloudtraxsim.Manual())
	if a := ask(t, url, request{path: list, edit: func(h http.Header) { h.Set("Signature", "0") }}); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "13000") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// The body is signed with the rest.
func TestBodyIsSigned(t *testing.T) {
	t.Parallel()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	put := request{method: http.MethodPut, path: "/powerstrip/1", body: "{}", nonce: "one"}
	if a := ask(t, url, put); !strings.Contains(a.Body, "13006") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	put.nonce = "two"
	header := put.header()
	put.body, put.edit = `{"name":"x"}`, func(h http.Header) {
		h.Set("Authorization", header.Get("Authorization"))
		h.Set("Signature", header.Get("Signature"))
	}
	if a := ask(t, url, put); !strings.Contains(a.Body, "13000") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	put.body, put.edit = strings.Repeat(" ", 1<<20+1), nil
	if a := ask(t, url, put); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// A clock may be wrong by a quarter of an hour.
func TestClock(t *testing.T) {
	t.Parallel()
	const limit = 15 * time.Minute
	for _, offset := range []time.Duration{0, 3 * time.Hour, -3 * time.Hour} {
		now := newClock().Now
		_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Now: now, ClockOffset: offset}, cloudtraxsim.Manual())
		for skew, refused := range map[time.Duration]bool{
			0: false, limit: false, -limit: false, limit + time.Second: true, -limit - time.Second: true, 24 * time.Hour: true,
		} {
			a := ask(t, url, request{path: list, at: now().Add(offset + skew)})
			if got := strings.Contains(a.Body, `"code":13002,`); got != refused || (a.Status == http.StatusOK) == refused {
				t.Errorf("offset %v, skew %v: %d %.200s", offset, skew, a.Status, a.Body)
			}
		}
	}
}

// The cloud tells the time by its own clock, and needs no signature for it.
func TestTime(t *testing.T) {
	t.Parallel()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Now: newClock().Now, ClockOffset: -time.Hour}, cloudtraxsim.Manual())
	for _, edit := range []func(http.Header){nil, func(h http.Header) { clear(h) }, func(h http.Header) { h.Set("Signature", "0") }} {
		a := ask(t, url, request{path: "/time", edit: edit})
		if a.Status != http.StatusOK || a.Body != `{"time":"2015-08-24T12:52:00Z"}`+"\n" || a.Header.Get("Date") != "Mon, 24 Aug 2015 12:52:00 GMT" {
			t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
		}
	}
}

// A nonce may come again after half an hour; that of a request which was
// refused does not count.
func TestNonces(t *testing.T) {
	t.Parallel()
	clock := newClock()
	options := cloudtraxsim.Options{Now: clock.Now, Keys: []cloudtraxsim.Key{{Key: "a", Secret: "s"}, {Key: "b", Secret: "t"}}}
	_, url := cloudtraxsim.Start(t, options, cloudtraxsim.Manual())
	send := func(key, secret, nonce string) string {
		t.Helper()
		a := ask(t, url, request{path: list, key: key, secret: secret, nonce: nonce, at: clock.Now()})
		switch {
		case a.Status == http.StatusOK:
			return "taken"
		case a.Body == refusal("13003", "authorize", "Nonce already exists.", ""):
			return "repeated"
		}
		return a.Body
	}
	for i, step := range []struct {
		after              time.Duration
		key, secret, nonce string
		want               string
	}{
		{0, "a", "wrong", "n1", refusal("13000", "authorize", "Signature wrong.", "")},
		{0, "a", "s", "n1", "taken"},
		{0, "a", "s", "n1", "repeated"},
		{0, "b", "t", "n1", "repeated"},
		{time.Minute, "b", "t", "n2", "taken"},
		{29*time.Minute - time.Second, "a", "s", "n1", "repeated"},
		{time.Second, "a", "s", "n1", "taken"},
		{0, "a", "s", "n2", "repeated"},
		{time.Minute, "a", "s", "n2", "taken"},
		{0, "a", "s", "n1", "repeated"},
	} {
		clock.Move(step.after)
		if got := send(step.key, step.secret, step.nonce); got != step.want {
			t.Errorf("%d: %s, want %s", i, got, step.want)
		}
	}
}
