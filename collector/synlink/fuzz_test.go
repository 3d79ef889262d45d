package synlink

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"power_exporter/internal/rest"
)

// FuzzSession reads arbitrary headers of an answer to a log-in. What is taken
// for a session can be sent as one, whatever it is.
func FuzzSession(f *testing.F) {
	for _, seed := range []string{
		"Set-Cookie: SPID=4jDv3lag56ADoih2bzd; path=/\nToken: 4jDv3lag56ADoih2bzd",
		"Token: 4jDv3lag56ADoih2bzd",
		"Set-Cookie: SPID=\"quoted\"",
		"Set-Cookie: SPID=; Max-Age=0\nSet-Cookie: SPID=second\nSet-Cookie: OTHER=third",
		"Token: a b", "Token: a;b", "Token: \"", "Token: a\tb", "Token: \xff", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(text + "\r\n\r\n"))).ReadMIMEHeader()
		if err != nil {
			return
		}
		spid := sessionOf(http.Header(header))
		if strings.ContainsAny(spid, " ,;\\\"\r\n\t\x00") || !utf8.ValidString(spid) {
			t.Errorf("%q is no value of a cookie", spid)
		}
		request := http.Request{Header: http.Header{"Cookie": {"SPID=" + spid}}}
		if cookies := request.Cookies(); spid != "" && (len(cookies) != 1 || cookies[0].Value != spid) {
			t.Errorf("%q is read as %v", spid, cookies)
		}
	})
}

// recorded is a connection on which an answer comes after the first words.
type recorded struct {
	net.Conn
	answer *bytes.Reader
	asked  func() // may be called again
	begins chan struct{}
}

func newRecorded(answer []byte) *recorded {
	r := &recorded{answer: bytes.NewReader(answer), begins: make(chan struct{})}
	r.asked = sync.OnceFunc(func() { close(r.begins) })
	return r
}

func (r *recorded) Read(b []byte) (int, error) {
	<-r.begins
	return r.answer.Read(b)
}

func (r *recorded) Write(b []byte) (int, error) {
	r.asked()
	return len(b), nil
}

func (r *recorded) Close() error {
	r.asked()
	return nil
}

// FuzzLogIn gives arbitrary bytes as the answer to a log-in: it ends, with a
// session or an error, and the error shows no password.
func FuzzLogIn(f *testing.F) {
	const secret = "s3cret-password"
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nToken: 4jDv3lag56ADoih2bzd\r\nSet-Cookie: SPID=4jDv3lag56ADoih2bzd; path=/\r\nContent-Length: 2\r\n\r\n{}",
		"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://[" + secret + "/\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 " + secret + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\n" + secret + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + secret + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: " + secret + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + secret + "\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + secret,
		"HTTP/1.1 100 Continue\r\n\r\n", "\r\n", "",
		"POST /login HTTP/1.1\r\n\r\n{\"password\":\"" + secret + "\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		client := rest.New(rest.Options{
			Base: &url.URL{Scheme: "http", Host: "pdu.example.net"}, FollowRedirects: true,
			Dial: func(context.Context, string, string) (net.Conn, error) {
				return newRecorded(answer), nil
			},
		})
		defer client.Close()
		l := logIn{Access: Access{Name: "pdu", Username: "reader", Password: secret}, client: client}
		spid, _, err := l.do(t.Context())
		if (spid == "") == (err == nil) {
			t.Errorf("session %q and error %v", spid, err)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows the password: %v", err)
		}
	})
}
