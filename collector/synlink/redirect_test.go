package synlink

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/power"
)

// TestRedirectsElsewhere shows that a PDU which points to another host gets
// nobody's credentials there.
func TestRedirectsElsewhere(t *testing.T) {
	t.Parallel()
	var strayed atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(other.Close)
	pdu, base := play(t, synlinksim.Options{BasicAuth: true}, "single8")
	for _, path := range []string{"/api/device", "/ws", "/login", "/api/login"} {
		pdu.SetFault(path, synlinksim.Fault{Status: http.StatusTemporaryRedirect, Location: other.URL + path + "?x=y"})
	}
	basic := loggedIn()
	basic.Basic = true
	const hint = ", which is not followed: if that is the device, use it as the address"
	for name, tt := range map[string]struct {
		access Access
		stream bool
		want   string
	}{
		"token":   {Access{Token: synlinksim.AdminToken}, false, "reading device: GET $/api/device: 307 Temporary Redirect to "},
		"basic":   {basic, false, "reading device: GET $/api/device: 307 Temporary Redirect to "},
		"session": {loggedIn(), false, "logging in: POST $/login: 307 Temporary Redirect to "},
		"stream":  {loggedIn(), true, "logging in: POST $/login: 307 Temporary Redirect to "},
	} {
		for _, follow := range []bool{false, true} {
			o := options(base)
			o.Access, o.Stream, o.FollowRedirects = tt.access, tt.stream, follow
			c := open(t, o)
			_, err := collect(t, c)
			wantError(t, err, strings.ReplaceAll(tt.want, "$", base.String())+other.URL+hint)
			if n := strayed.Load(); n > 0 {
				t.Errorf("%s: %d requests went to another host", name, n)
			}
		}
	}
}

// TestTheStreamIsNotLedAway shows the same for the WebSocket alone.
func TestTheStreamIsNotLedAway(t *testing.T) {
	t.Parallel()
	var strayed atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(other.Close)
	pdu, base := play(t, synlinksim.Options{}, "single8")
	pdu.SetFault("/ws", synlinksim.Fault{Location: strings.Replace(other.URL, "http", "ws", 1) + "/ws"})
	o := options(base)
	o.Access, o.Stream, o.FollowRedirects = loggedIn(), true, true
	c := open(t, o)
	read(t, c)
	_, err := c.stream.connect(t.Context())
	wantError(t, err, "opening the stream: GET "+base.String()+"/ws: 302 Found to "+strings.Replace(other.URL, "http", "ws", 1)+
		", which is not followed: if that is the device, use it as the address")
	if n := strayed.Load(); n > 0 {
		t.Errorf("%d requests went to another host", n)
	}
}

// TestRedirectsAtHome shows that a PDU which has moved its pages is read where
// they are, with the same credentials.
func TestRedirectsAtHome(t *testing.T) {
	t.Parallel()
	pdu := synlinksim.New(synlinksim.Options{BasicAuth: true}, synlinksim.MustRecorded("single8"))
	moved := http.StripPrefix("/v2", pdu)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v2/") {
			moved.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, "/v2"+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if err := pdu.Close(); err != nil {
			t.Error(err)
		}
	})
	basic := loggedIn()
	basic.Basic = true
	for _, access := range []Access{{Token: synlinksim.AdminToken}, basic, loggedIn()} {
		o := options(parse(t, server.URL))
		o.Access, o.FollowRedirects = access, true
		wantDevices(t, []power.Device{read(t, open(t, o))}, told(t, pdu))
	}
	o := options(parse(t, server.URL))
	o.Endpoints = []string{"device"}
	_, err := collect(t, open(t, o))
	wantError(t, err, "reading device: GET "+server.URL+"/api/device: 307 Temporary Redirect within "+server.URL+
		", which is not followed: does it want a log-in, or is it not the device?")
}
