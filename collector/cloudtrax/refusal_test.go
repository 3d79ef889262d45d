package cloudtrax

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/collector"
)

// answer is what answers a path in place of the cloud.
type answer = http.HandlerFunc

// stripPath is where the object of a strip is.
func stripPath(id int64) string { return "/powerstrip/" + strconv.FormatInt(id, 10) }

// refusal13002 refuses the time of a request, whatever that is.
func refusal13002() answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"errors":[{"code":13002,"context":"authorize","message":"Timestamp too old or in the future.","values":{}}]}`))
	}
}

// TestRefusals shows the words of what the simulated cloud refuses.
func TestRefusals(t *testing.T) {
	t.Parallel()
	keys := []cloudtraxsim.Key{
		{Key: cloudtraxsim.DemoKey, Secret: cloudtraxsim.DemoSecret},
		{Key: "hotel", Secret: "hotel-secret", Networks: []int64{12345}},
	}
	_, address := cloudtraxsim.Start(t, cloudtraxsim.Options{Keys: keys}, cloudtraxsim.Manual(), cloudtraxsim.Office())
	for _, tt := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"secret", func(o *Options) { o.Secret = "wrong" }, `GET /powerstrip/network/12345/list: 401 Unauthorized: error 13000: the signature is wrong: look at the secret of auth "cloud"`},
		{"key", func(o *Options) { o.Key = "wrong" }, `GET /powerstrip/network/12345/list: 401 Unauthorized: error 13011: the service does not know the key of auth "cloud": look at it, and at the module's url`},
		{"no key", func(o *Options) { o.Key = "" }, `GET /powerstrip/network/12345/list: 401 Unauthorized: error 13011: the service does not know the key of auth "cloud": look at it, and at the module's url`},
		{"network", func(o *Options) { o.Network = "999" }, `GET /powerstrip/network/999/list: 404 Not Found: error 12000: there is no such network: look at the target`},
		{"another's network", func(o *Options) { o.Key, o.Secret, o.Network = "hotel", "hotel-secret", office }, `GET /powerstrip/network/23456/list: 403 Forbidden: error 13009: the key of auth "cloud" is not for this network`},
		{"a path", func(o *Options) { o.Network = "12345/expedite_upgrade" }, `"12345/expedite_upgrade" is not the number of a network`},
		{"nothing", func(o *Options) { o.Network = "" }, `"" is not the number of a network`},
		{"too long", func(o *Options) { o.Network = "123456789012345678901" }, `"123456789012345678901" is not the number of a network`},
		{"url", func(o *Options) { o.Base = o.Base.JoinPath("v9") }, `GET /v9/powerstrip/network/12345/list: 404 Not Found: error 1002: the service does not know this request: look at the module's url`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, address, manual)
			tt.change(&o)
			expect(t, open(t, o), tt.name, "", "reading the list of network "+o.Network+": "+tt.want)
		})
	}
}

// TestKeyThatCannotBeSent shows that a key of two lines is not in the error.
func TestKeyThatCannotBeSent(t *testing.T) {
	t.Parallel()
	cloud, address := play(t, nil, cloudtraxsim.Manual())
	o := options(t, address, manual)
	o.Key = "first-line\nsecond-line"
	_, err := collect(t, open(t, o))
	if err == nil || !strings.Contains(err.Error(), "invalid header field value") || strings.Contains(err.Error(), "-line") || asked(cloud) != 0 {
		t.Errorf("%d requests, %v", asked(cloud), err)
	}
}

// TestKeyOfAnotherNetwork shows a refusal whose message repeats the key.
func TestKeyOfAnotherNetwork(t *testing.T) {
	t.Parallel()
	keys := []cloudtraxsim.Key{{Key: "hotel-key", Secret: "hotel-secret", Networks: []int64{12345}}}
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{Keys: keys}, cloudtraxsim.Office(), cloudtraxsim.Manual())
	if err := cloud.Edit(1, func(s *cloudtraxsim.Strip) { s.Listed.ID = 101 }); err != nil {
		t.Fatal(err)
	}
	o := options(t, address, manual)
	o.Key, o.Secret = "hotel-key", "hotel-secret"
	expect(t, open(t, o), "13005", listOnly,
		`reading strip ac:86:74:00:00:00 ("Pat's Desk MP60"): GET /powerstrip/101: 403 Forbidden: error 13005: the key of auth "cloud" is not for this network`)
	if n := cloud.Stats().Refused[13005]; n != 1 {
		t.Errorf("%d refusals", n)
	}
}

// TestMeanings shows the words of every code, and of those that have none.
func TestMeanings(t *testing.T) {
	t.Parallel()
	const forbidden = `the user of the key of auth "cloud" may not see this`
	for _, tt := range []struct{ body, want string }{
		{`{"errors":[{"code":13000,"message":"Signature wrong."}]}`, `error 13000: the signature is wrong: look at the secret of auth "cloud"`},
		{`{"errors":[{"code":"13000"}]}`, `error 13000: the signature is wrong: look at the secret of auth "cloud"`},
		{`{"errors":{"code":13000}}`, `error 13000: the signature is wrong: look at the secret of auth "cloud"`},
		{`{"errors":[{"code":13001}]}`, "error 13001: the signature did not arrive: something on the way drops headers"},
		{`{"errors":[{"code":13015}]}`, "error 13015: the signature did not arrive: something on the way drops headers"},
		{`{"errors":[{"code":13003}]}`, "error 13003: the request came twice: something on the way repeats requests"},
		{`{"errors":[{"code":13004}]}`, "error 13004: the service does not speak version 1 of its API: look at the module's url"},
		{`{"errors":[{"code":13005}]}`, `error 13005: the key of auth "cloud" is not for this network`},
		{`{"errors":[{"code":13009}]}`, `error 13009: the key of auth "cloud" is not for this network`},
		{`{"errors":[{"code":12047}]}`, `error 12047: the key of auth "cloud" is not for this network`},
		{`{"errors":[{"code":13006}]}`, "error 13006: " + forbidden},
		{`{"errors":[{"code":1018}]}`, "error 1018: " + forbidden},
		{`{"errors":[{"code":20005}]}`, "error 20005: " + forbidden},
		{`{"errors":[{"code":30001}]}`, "error 30001: " + forbidden},
		{`{"errors":[{"code":30002}]}`, "error 30002: " + forbidden},
		{`{"errors":[{"code":13007}]}`, `error 13007: the key of auth "cloud" has expired: make another`},
		{`{"errors":[{"code":13016}]}`, `error 13016: the key of auth "cloud" has expired: make another`},
		{`{"errors":[{"code":13011}]}`, `error 13011: the service does not know the key of auth "cloud": look at it, and at the module's url`},
		{`{"errors":[{"code":12000}]}`, "error 12000: there is no such network: look at the target"},
		{`{"errors":[{"code":1004}]}`, "error 1004: there is no such network: look at the target"},
		{`{"errors":[{"code":1003}]}`, "error 1003: there is no such network: look at the target"},
		{`{"errors":[{"code":1017}]}`, "error 1017: the service has no such strip any more"},
		{`{"errors":[{"code":1002}]}`, "error 1002: the service does not know this request: look at the module's url"},
		{`{"errors":[{"code":12345,"message":"Something \"new\".\nAnd more"}]}`, `error 12345: "Something \"new\".\nAnd more"`},
		{`{"errors":[{"code":12345}]}`, `error 12345: ""`},
		{`{"errors":[{"code":"demo-secret","message":"x"}]}`, `error 0: "x"`},
		{`{"errors":[{"code":1,"message":"a"},{"code":2,"message":"b"},{"code":3,"message":"c"},{"code":4,"message":"d"}]}`, `error 1: "a", error 2: "b", error 3: "c"`},
		{`{"errors":[{"code":1,"message":"` + strings.Repeat("ä", 201) + `"}]}`, `error 1: "` + strings.Repeat("ä", 200) + `…"`},
		{`{"errors":[]}`, ""},
		{`{"errors":"demo-secret"}`, ""},
		{`{"message":"demo-secret"}`, ""},
		{`{"errors":[{"code":1}`, ""},
	} {
		_, address := play(t, map[string]answer{manualList: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(tt.body))
		}})
		want := "reading the list of network 12345: GET " + manualList + ": 400 Bad Request"
		if tt.want != "" {
			want += ": " + tt.want
		}
		expect(t, open(t, options(t, address, manual)), tt.body, "", want)
	}
}

// TestNoSecretIsShown lets a service repeat everything it was sent, in errors and
// in answers, and looks for it wherever people look.
func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	var headers []string
	repeat := func(w http.ResponseWriter, r *http.Request, status int, code string) {
		all := []string{r.Header.Get("Authorization"), r.Header.Get("Signature")}
		_, nonce, _ := strings.Cut(all[0], "nonce=")
		all = append(all, nonce, "demo-key", "demo-secret")
		headers = append(headers, all...)
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"errors":[{"code":%s,"context":%q,"message":%q,"values":{"key":"demo-key"}}],"powerstrips":%q}`, code, all[0], strings.Join(all, " "), all[1])
	}
	for _, code := range []string{"13005", "13000", "13002", "999", `"demo-secret"`, "null"} {
		for _, status := range []int{200, 400, 401, 403, 404, 429, 500} {
			_, address := play(t, map[string]answer{
				manualList: func(w http.ResponseWriter, r *http.Request) { repeat(w, r, status, code) },
				"/time":    func(w http.ResponseWriter, r *http.Request) { repeat(w, r, status, code) },
			})
			o := options(t, address, manual)
			var log bytes.Buffer
			pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
			source := collector.Source{MaxConcurrency: 4, New: func(gate *collector.Gate) collector.Collector { return New(o, gate) }}
			r := pool.Read(t.Context(), source, time.Minute, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			pool.Clear()
			seen := fmt.Sprintf("%v\n%+v\n%s", r.Err, r.Requests, log.String())
			if r.Err == nil {
				t.Errorf("%d, %s: no error", status, code)
			}
			for _, secret := range headers {
				if secret != "" && strings.Contains(seen, secret) {
					t.Errorf("%d, %s: %s is in %s", status, code, secret, seen)
				}
			}
		}
	}
}

// TestRefusedKeys shows which refusals are of key or secret, and which of an
// accepted key that lacks a right, or of something else.
func TestRefusedKeys(t *testing.T) {
	t.Parallel()
	body := func(codes ...int) string {
		var errs []string
		for _, code := range codes {
			errs = append(errs, fmt.Sprintf(`{"code":%d,"message":"x"}`, code))
		}
		return `{"errors":[` + strings.Join(errs, ",") + `]}`
	}
	for _, tt := range []struct {
		status int
		body   string
		want   bool
	}{
		{401, body(codeSignature), true},
		{403, body(codeSignature), true},
		{401, body(codeUnknownKey), true},
		{401, body(codeExpired), true},
		{401, body(codeKeyExpired), true},
		{401, body(1016, codeSignature), true},
		{401, "", true},
		{401, "<html>", true},
		{403, "", false},
		{401, body(codeClock), false},
		{401, body(codeNonceRepeated), false},
		{401, body(codeNoSignature), false},
		{403, body(codeForeignKey), false},
		{403, body(codeForeignNetwork), false},
		{403, body(codeNoPermission), false},
		{404, body(codeNoNetwork), false},
		{500, body(1016), false},
		{429, "", false},
	} {
		_, address := play(t, map[string]answer{manualList: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		}})
		_, err := collect(t, open(t, options(t, address, manual)))
		if err == nil || errors.Is(err, collector.ErrRefused) != tt.want {
			t.Errorf("%d %s: refused %t, want %t: %v", tt.status, tt.body, !tt.want, tt.want, err)
		}
	}
}
