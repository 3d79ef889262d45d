package powersentrix

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
)

// TestOneLogIn lets many probes come at once to a portal that nobody has logged
// in to, and again after all tokens were revoked.
func TestOneLogIn(t *testing.T) {
	t.Parallel()
	c, portal := startPortal(t, entries(t))
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("a panic") })
	source := collector.Source{
		Key: "portal", Device: "portal", MaxConcurrency: 2,
		New: func(*collector.Gate) collector.Collector { return c },
	}
	for logIns := 1; logIns <= 2; logIns++ {
		var probes sync.WaitGroup
		for range 100 {
			probes.Go(func() {
				if r := pool.Read(t.Context(), source, time.Minute, slog.New(slog.DiscardHandler)); r.Err != nil || len(r.Devices) != 2 {
					t.Errorf("%d devices, %v", len(r.Devices), r.Err)
				}
			})
		}
		probes.Wait()
		if stats := portal.Stats(); stats.Logins != logIns || stats.FailedLogins != 0 {
			t.Errorf("%d log-ins and %d refused, want %d", stats.Logins, stats.FailedLogins, logIns)
		}
		portal.ExpireTokens()
	}
}

// TestATokenEndsInTheMiddle revokes all tokens after the list was read. Those
// who ask at the same time share the new log-in.
func TestATokenEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	var all []powersentrixsim.Entry
	for _, id := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		all = append(all, powersentrixsim.Entry{ID: id, UPS: ups(t, manual().As("ups-"+id, id))})
	}
	c, portal := startPortal(t, all, func(o *Options) { o.Concurrency = 4 })
	mustCollect(t, c)
	listed := make(chan struct{})
	portal.SetFault("/api/v1/ups/getBasicInfo", simfault.Fault{Until: listed, Times: 4})
	done := make(chan error)
	go func() {
		_, err := collect(t, c)
		done <- err
	}()
	if err := portal.Wait(t.Context(), func(s powersentrixsim.Stats) bool { return s.InFlight == 4 }); err != nil {
		t.Fatal(err)
	}
	portal.ExpireTokens()
	close(listed)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if stats := portal.Stats(); stats.Logins != 2 || stats.Answers[http.StatusUnauthorized] != 4 {
		t.Errorf("%d log-ins and %v, want one more for four refusals", stats.Logins, stats.Answers)
	}
}

// TestATokenIsRenewed shows that a token is used until a minute before it ends,
// by its own claims: the portal never has to refuse one.
func TestATokenIsRenewed(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Date(2026, 5, 8, 12, 0, 0, 0, time.UTC) // the portal's clock, years away from the exporter's
	sim := simPortal()
	sim.TokenLife = time.Hour
	sim.Now = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	portal, address := powersentrixsim.StartPortal(t, sim, entries(t)...)
	o := portalOptions(t, address)
	synctest.Test(t, func(t *testing.T) {
		c := New(o, collector.NewGate(2))
		read := func(logIns int) {
			t.Helper()
			mustCollect(t, c)
			if stats := portal.Stats(); stats.Logins != logIns || stats.Answers[http.StatusUnauthorized] != 0 {
				t.Errorf("%d log-ins and %v, want %d", stats.Logins, stats.Answers, logIns)
			}
			// Time only goes by while nothing waits for the network.
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
		pass := func(d time.Duration) {
			mu.Lock()
			now = now.Add(d)
			mu.Unlock()
			<-time.After(d)
		}
		read(1)
		pass(59*time.Minute - time.Second)
		read(1)
		pass(time.Second)
		read(2)
		pass(59*time.Minute - time.Second)
		read(2)
		portal.ExpireTokens()
	})
}

// TestRefusedLogIn shows what a person is told, and that a password that was
// refused is not tried again at once.
func TestRefusedLogIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, password string
		disabled       bool
		want           string
	}{
		{"wrong password", "another", false, `400 Bad Request: the credentials were refused: the portal says invalidEmailOrPassword: look at user name (the e-mail address) and password of auth "dc"`},
		{"disabled", password, true, `400 Bad Request: the credentials were refused: the portal says disabledLoginFromWeb: let the account of auth "dc" log in from the web`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := simPortal()
			sim.Users[0].Disabled = tt.disabled
			portal, address := powersentrixsim.StartPortal(t, sim, entries(t)...)
			o := portalOptions(t, address)
			o.Password = tt.password
			c := start(t, o)
			want := "reading the list of UPSes: logging in: POST " + address + "/api/v1/user/authenticate: " + tt.want
			devices, err := collect(t, c)
			if !errors.Is(err, collector.ErrRefused) || err.Error() != want || len(devices) != 0 {
				t.Errorf("%d devices, got\n%v, want\n%s", len(devices), err, want)
			}
			_, err = collect(t, c)
			if again, _, _ := strings.Cut(err.Error(), "; the next log-in is tried in "); again != want {
				t.Errorf("again: got\n%v, want\n%s", err, want)
			}
			if stats := portal.Stats(); stats.FailedLogins != 1 || len(stats.Requests) != 1 {
				t.Errorf("asked %v", stats.Requests)
			}
		})
	}
}

// TestLogInAnswers reads what a portal may say to a log-in.
func TestLogInAnswers(t *testing.T) {
	t.Parallel()
	const refused = `: the credentials were refused: `
	for _, tt := range []struct {
		status      int
		body, token string
		refused     bool
		err         string // how it ends
	}{
		{200, `{"token":"a.b.c","user":{"id":42}}`, "a.b.c", false, ""},
		{201, ` {"token":" abc "} `, "abc", false, ""},
		{200, `{"responseMessage":"OK","responseObject":{"token":"abc"}}`, "abc", false, ""},
		{200, `{"responseMessage":"invalidEmailOrPassword"}`, "", true, `the answer has no token` + refused + `the portal says invalidEmailOrPassword: look at user name (the e-mail address) and password of auth "dc"`},
		{200, `{"message":"disabledLoginFromWeb"}`, "", true, `the answer has no token` + refused + `the portal says disabledLoginFromWeb: let the account of auth "dc" log in from the web`},
		{200, `{"message":"` + password + `"}`, "", false, "the answer has no token: is this the PowerSentrix portal?"},
		{200, `{"token":null}`, "", false, "the answer has no token: is this the PowerSentrix portal?"},
		{200, `{"token":"a b"}`, "", false, "the token has characters that no token has"},
		{200, `{"token":"a\nX-Header: b"}`, "", false, "the token has characters that no token has"},
		{200, `{"token":"ä"}`, "", false, "the token has characters that no token has"},
		{200, `"` + password + `"`, "", false, "the answer is JSON of another kind: string where an object was expected"},
		{400, `{"message":"` + password + `"}`, "", true, `400 Bad Request` + refused + `look at user name (the e-mail address) and password of auth "dc"`},
		{400, `disabledLoginFromWeb`, "", true, `400 Bad Request` + refused + `look at user name (the e-mail address) and password of auth "dc"`},
		{401, ``, "", true, `401 Unauthorized` + refused + `look at user name (the e-mail address) and password of auth "dc"`},
		{403, `{"message":"disabledLoginFromWeb"}`, "", true, `403 Forbidden` + refused + `the portal says disabledLoginFromWeb: let the account of auth "dc" log in from the web`},
		{500, `{"message":"invalidEmailOrPassword"}`, "", false, "500 Internal Server Error"},
	} {
		address := answer(t, func(w http.ResponseWriter, r *http.Request) string {
			if r.Method+" "+r.URL.String() != "POST /api/v1/user/authenticate" {
				t.Errorf("asked %s %s", r.Method, r.URL)
			}
			w.WriteHeader(tt.status)
			return tt.body
		})
		p, ok := start(t, portalOptions(t, address)).source.(*portal)
		if !ok {
			t.Fatal("it does not read the portal")
		}
		token, _, err := p.logIn(t.Context())
		text := ""
		if err != nil {
			text = strings.TrimPrefix(err.Error(), "logging in: POST "+address+"/api/v1/user/authenticate: ")
		}
		if token != tt.token || text != tt.err || errors.Is(err, collector.ErrRefused) != tt.refused {
			t.Errorf("%d %s: token %q, got error\n%s, want\n%s", tt.status, tt.body, token, text, tt.err)
		}
	}
}
