package rest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestQueries shows how queries are sent and shown: commas as the vendors'
// documents have them, all else that has a meaning as an escape.
func TestQueries(t *testing.T) {
	t.Parallel()
	var got string
	c, server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.RequestURI
		_, _ = io.WriteString(w, r.URL.Query().Get("uids"))
	})
	for _, tt := range []struct{ uids, want string }{
		{"1,2,59", "uids=1,2,59"},
		{"%2C", "uids=%252C"},
		{"a&b=c,d e", "uids=a%26b%3Dc,d+e"},
	} {
		r := Request{Path: "/v1/devices", Query: url.Values{"uids": {tt.uids}}}
		response, err := c.Get(t.Context(), r)
		if err != nil || got != "/base/v1/devices?"+tt.want || string(response.Body) != tt.uids {
			t.Errorf("%q was sent as %s and understood as %q, %v", tt.uids, got, response.Body, err)
		}
		if shown := c.URL(r); shown != server.URL+got {
			t.Errorf("%q is shown as %s", tt.uids, shown)
		}
	}
}

// TestLongURL shows that an error has the beginning of a long URL.
func TestLongURL(t *testing.T) {
	t.Parallel()
	c, server := serve(t, status(500))
	_, err := c.Get(t.Context(), Request{Path: "/v1/realtime", Query: url.Values{"uids": {strings.Repeat("1234,", 300)}}})
	begin := "GET " + server.URL + "/base/v1/realtime?uids=1234,1234,"
	const end = "…: 500 Internal Server Error"
	if err == nil || !strings.HasPrefix(err.Error(), begin) || !strings.HasSuffix(err.Error(), end) || len(err.Error()) != len("GET ")+maxShown+len(end) {
		t.Errorf("error is %v", err)
	}
}

// TestWhereARedirectLeads shows that a server which points somewhere odd does not
// write what it likes into an error.
func TestWhereARedirectLeads(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ location, want string }{
		"as usual":           {"https://pdu.example.net:8443/x?y#z", "https://pdu.example.net:8443"},
		"long":               {"http://" + strings.Repeat("a", 5000) + "/", "http://" + strings.Repeat("a", maxOrigin-len("http://")) + "…"},
		"control characters": {"http://a%c2%9bb%e2%80%aec/", "http://a?b?c"},
		"no UTF-8":           {"http://a%ffb/", "http://a?b"},
		"cut within a rune":  {"http://" + strings.Repeat("a", maxOrigin-len("http://")-1) + "ä", "http://" + strings.Repeat("a", maxOrigin-len("http://")-1) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", tt.location)
				w.WriteHeader(http.StatusFound)
			}))
			t.Cleanup(server.Close)
			_, err := client(t, server.URL, false).Get(t.Context(), Request{Path: "/a"})
			want := "GET " + server.URL + "/a: 302 Found to " + tt.want + ", which is not followed: if that is the device, use it as the address"
			if err == nil || err.Error() != want {
				t.Errorf("got  %q\nwant %q", err, want)
			}
		})
	}
}
