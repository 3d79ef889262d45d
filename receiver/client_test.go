package receiver

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// proxies are the trusted ones of the tests.
func proxies() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48"), netip.MustParsePrefix("fe80::/10")}
}

func TestClientOf(t *testing.T) {
	t.Parallel()
	const proxy, client = "10.0.0.1:1234", "192.0.2.7"
	xff, node := "X-Forwarded-For", "Forwarded"
	for name, test := range map[string]struct {
		peer   string
		header [][2]string
		want   string
	}{
		"no proxy":                   {"192.0.2.1:1234", nil, "192.0.2.1"},
		"of IPv6":                    {"[2001:db8::1%eth0]:1", nil, "2001:db8::1%eth0"},
		"no address":                 {"@", [][2]string{{xff, client}}, "invalid IP"},
		"nothing":                    {"", nil, "invalid IP"},
		"not trusted":                {"192.0.2.1:1234", [][2]string{{xff, client}, {node, "for=" + client}}, "192.0.2.1"},
		"trusted, and says nothing":  {proxy, nil, "10.0.0.1"},
		"trusted":                    {proxy, [][2]string{{xff, client}}, client},
		"trusted, mapped":            {"[::ffff:10.0.0.1]:1234", [][2]string{{xff, client}}, client},
		"trusted, of IPv6":           {"[2001:db8:ffff::1]:1234", [][2]string{{xff, client}}, client},
		"trusted, of this link":      {"[fe80::1%eth0]:1234", [][2]string{{xff, client}}, client},
		"a chain":                    {proxy, [][2]string{{xff, client + ", 10.0.0.3, 10.0.0.2"}}, client},
		"a chain in two lines":       {proxy, [][2]string{{xff, client}, {xff, "10.0.0.3"}, {xff, "10.0.0.2"}}, client},
		"an invention before":        {proxy, [][2]string{{xff, "198.51.100.1, " + client + ",10.0.0.2"}}, client},
		"an invention of a proxy":    {proxy, [][2]string{{xff, "10.9.9.9, " + client}}, client},
		"an invention, another line": {proxy, [][2]string{{xff, "198.51.100.1"}, {xff, client}}, client},
		"all trusted":                {proxy, [][2]string{{xff, "10.0.0.4, 10.0.0.3"}}, "10.0.0.4"},
		"with a port":                {proxy, [][2]string{{xff, client + ":4711"}}, client},
		"of IPv6, with a port":       {proxy, [][2]string{{xff, "[2001:db8::7]:4711"}}, "2001:db8::7"},
		"of IPv6, in brackets":       {proxy, [][2]string{{xff, "[2001:db8::7]"}}, "2001:db8::7"},
		"of IPv6, bare":              {proxy, [][2]string{{xff, "2001:db8::7"}}, "2001:db8::7"},
		"of IPv6, mapped":            {proxy, [][2]string{{xff, "::ffff:192.0.2.7"}}, client},
		"of IPv6, with a zone":       {proxy, [][2]string{{xff, "2001:db8::7%eth0"}}, "2001:db8::7"},
		"malformed":                  {proxy, [][2]string{{xff, "nonsense"}}, "10.0.0.1"},
		"empty":                      {proxy, [][2]string{{xff, ""}}, "10.0.0.1"},
		"an empty one at the end":    {proxy, [][2]string{{xff, client + ","}}, "10.0.0.1"},
		"malformed in the chain":     {proxy, [][2]string{{xff, client + ", unknown, 10.0.0.2"}}, "10.0.0.2"},
		"malformed before":           {proxy, [][2]string{{xff, "<script>, " + client}}, client},
		"not dotted":                 {proxy, [][2]string{{xff, "3221225991"}}, "10.0.0.1"},
		"a leading zero":             {proxy, [][2]string{{xff, "192.0.2.07"}}, "10.0.0.1"},
		"a port too large":           {proxy, [][2]string{{xff, client + ":65536"}}, "10.0.0.1"},
		"blanks":                     {proxy, [][2]string{{xff, "\t " + client + " \t"}}, client},

		"node":                       {proxy, [][2]string{{node, "for=" + client}}, client},
		"node, in full":              {proxy, [][2]string{{node, `by=10.0.0.1;FOR="` + client + `:4711"; proto=https`}}, client},
		"node of IPv6":               {proxy, [][2]string{{node, `For="[2001:db8::7]:4711"`}}, "2001:db8::7"},
		"node, a chain":              {proxy, [][2]string{{node, `for=198.51.100.1, for=` + client + `;host="a,b;for=1.1.1.1", for=10.0.0.2`}}, client},
		"node, a chain in two lines": {proxy, [][2]string{{node, `for=` + client}, {node, `for="10.0.0.2"`}}, client},
		"node, unknown":              {proxy, [][2]string{{node, "for=" + client + ", for=unknown"}}, "10.0.0.1"},
		"node, hidden":               {proxy, [][2]string{{node, "for=_hidden"}}, "10.0.0.1"},
		"node, twice":                {proxy, [][2]string{{node, "for=" + client + ";for=198.51.100.1"}}, "10.0.0.1"},
		"node, without for":          {proxy, [][2]string{{node, "by=10.0.0.1;proto=http"}}, "10.0.0.1"},
		"node, an open quote before": {proxy, [][2]string{{node, `for=198.51.100.1;host="x, for=` + client}}, "10.0.0.1"},
		"node, one in another line":  {proxy, [][2]string{{node, `host="x`}, {node, `for=` + client}}, client},
		"node, an invented host":     {proxy, [][2]string{{node, `for=` + client + `;host="x, for=198.51.100.1;y="`}}, client},
		"node, an escaped quote":     {proxy, [][2]string{{node, `for=` + client + `;host="x\", for=198.51.100.1;y="`}}, client},
		"node, a quote in between":   {proxy, [][2]string{{node, `for=192"` + client + `"`}}, "10.0.0.1"},

		"both agree":                {proxy, [][2]string{{node, "for=" + client}, {xff, client}}, client},
		"both do not agree":         {proxy, [][2]string{{node, "for=198.51.100.1"}, {xff, client}}, "10.0.0.1"},
		"one is invented and empty": {proxy, [][2]string{{node, ""}, {xff, client}}, "10.0.0.1"},
		"the other is invented":     {proxy, [][2]string{{node, "for=" + client}, {xff, ""}}, "10.0.0.1"},
		"another header":            {proxy, [][2]string{{"X-Real-Ip", client}}, "10.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: test.peer, Header: http.Header{}}
			for _, h := range test.header {
				r.Header.Add(h[0], h[1])
			}
			if got := clientOf(r, proxies()).String(); got != test.want {
				t.Errorf("the client is %s, want %s", got, test.want)
			}
			if got := clientOf(r, nil); got != addressOf(test.peer) {
				t.Errorf("without proxies the client is %s", got)
			}
		})
	}
}

// TestGuessingBehindAProxy shows that behind a trusted proxy only who guesses has
// to wait, and that who is not behind it cannot make another one wait.
func TestGuessingBehindAProxy(t *testing.T) {
	t.Parallel()
	e := fakeEndpoint(t, openOn(t, newMemory(), Options{}))
	f := &fixture{}
	h, err := NewHandler(HandlerOptions{Endpoints: []Endpoint{e}, Proxies: proxies(), Limiter: NewLimiter(), Refusals: &f.refused, Observer: &f.observed, Logger: f.log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	f.Handler = h
	guess := func(i int) string { return "/api/setUpsData?cmm=x&companyId=guess" + strings.Repeat("x", i) }
	from := func(peer, header, target string) int {
		return f.doFrom(t, peer, header, target, `{"volts":1}`).status
	}
	for i := range 50 {
		from("10.0.0.1:1", "192.0.2.66", guess(i))
		from("198.51.100.1:1", "192.0.2.8", guess(i)) // who pretends to be 192.0.2.8
		from("10.0.0.1:1", "192.0.2.9, 192.0.2.67", guess(i))
	}
	for _, test := range []struct {
		peer, header string
		want         int
	}{
		{"10.0.0.1:1", "192.0.2.66", 429},
		{"10.0.0.2:1", "192.0.2.66", 429},
		{"10.0.0.1:1", "192.0.2.67", 429},
		{"198.51.100.1:1", "192.0.2.70", 429},
		{"10.0.0.1:1", "192.0.2.7", 200},
		{"10.0.0.1:1", "192.0.2.8", 200},
		{"10.0.0.1:1", "192.0.2.9", 200},
		{"192.0.2.8:1", "", 200},
		{"10.0.0.1:1", "", 200},
	} {
		if got := from(test.peer, test.header, good); got != test.want {
			t.Errorf("%s, for %s, is answered with %d, want %d", test.peer, test.header, got, test.want)
		}
	}
	if log := f.log.String(); !strings.Contains(log, "client=192.0.2.66") || !strings.Contains(log, "client=198.51.100.1") || strings.Contains(log, "client=192.0.2.8") {
		t.Errorf("the log names other clients: %.1000s", log)
	}
}

// FuzzClientOf reads arbitrary headers. What an untrusted client writes before
// what the proxy adds makes it nobody else.
func FuzzClientOf(f *testing.F) {
	for _, header := range []string{"", "192.0.2.7", "10.0.0.2", `for="[::1]:80";by=x`, `host="`, `"`, `\`, ",", ";", "for=unknown", "[", "::1%x"} {
		f.Add(header, header)
	}
	f.Fuzz(func(t *testing.T, list, nodes string) {
		const client, proxy = "192.0.2.7", "10.0.0.1"
		for _, header := range []http.Header{
			{"X-Forwarded-For": {list + ", " + client}},
			{"X-Forwarded-For": {list, client}},
			{"X-Forwarded-For": {client}, "Forwarded": {nodes}},
			{"Forwarded": {nodes + ", for=" + client}},
			{"Forwarded": {nodes, "for=" + client + `;host="x"`}},
			{"Forwarded": {"for=" + client}, "X-Forwarded-For": {list}},
			{"Forwarded": {nodes, "for=" + client}, "X-Forwarded-For": {list, client}},
		} {
			r := &http.Request{RemoteAddr: proxy + ":80", Header: header}
			if got := clientOf(r, proxies()).String(); got != client && got != proxy {
				t.Errorf("with %q the client is %s", header, got)
			}
		}
	})
}
