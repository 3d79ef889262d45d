package torture

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"power_exporter/cmd/powersim/powersentrixsim"
)

// endpoint is where devices of one kind push to.
type endpoint struct {
	name   string // of the receiver
	target string // path and query, with the secret
	absent string // the same without the secret
	wrong  string // the same with another secret
	good   string // a good body
	device string // the device that it is of
}

// endpoints is one of each receiver.
func endpoints() []endpoint {
	ups := powersentrixsim.NewUPS(powersentrixsim.Options{}, powersentrixsim.MustRecorded("full"))
	return []endpoint{
		{
			name:   "powersentrix",
			target: "/api/setUpsData?cmm=ups-full&companyId=" + url.QueryEscape(secret),
			absent: "/api/setUpsData?cmm=ups-full",
			wrong:  "/api/setUpsData?cmm=ups-full&companyId=wrong",
			good:   string(ups.Data()), device: "ups-full",
		},
		{
			name:   "synlink",
			target: "/webhook/synlink?token=" + url.QueryEscape(secret),
			absent: "/webhook/synlink",
			wrong:  "/webhook/synlink?token=wrong",
			good:   `{"enclosureSerialNumber":"E1","eventCode":54,"inlets":[{"id":"1","voltageRms":230.5,"currentRms":1.5}]}`, device: "E1",
		},
	}
}

// pushFault is one way in which a sender fails.
type pushFault struct {
	name   string
	means  string
	status int    // of the answer; 0 for none
	result string // how it is counted
	says   string // a regular expression for the message
	// send writes the request.
	send func(c net.Conn, e *endpoint) error
}

// post is a request as a device makes it, with a body.
func post(target, body string, more ...string) string {
	return "POST " + target + " HTTP/1.1\r\nHost: exporter\r\nContent-Type: application/json\r\n" + strings.Join(more, "") +
		fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)) + body
}

// sending makes a request of a text.
func sending(text func(*endpoint) string) func(net.Conn, *endpoint) error {
	return func(c net.Conn, e *endpoint) error {
		_, err := io.WriteString(c, text(e))
		return err
	}
}

// dripping sends a text, and then bytes one by one, so slowly that it never ends.
func dripping(text func(*endpoint) string) func(net.Conn, *endpoint) error {
	return func(c net.Conn, e *endpoint) error {
		if _, err := io.WriteString(c, text(e)); err != nil {
			return err
		}
		go drip(c, strings.Repeat(" ", 1000))
		return nil
	}
}

// pouring sends a text, and then another again and again.
func pouring(text func(*endpoint) string, more string) func(net.Conn, *endpoint) error {
	return func(c net.Conn, e *endpoint) error {
		if _, err := io.WriteString(c, text(e)); err != nil {
			return err
		}
		go pour(c, more)
		return nil
	}
}

// open is the head of a push that announces a body of so many bytes.
func open(e *endpoint, size int) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: exporter\r\nContent-Length: %d\r\n\r\n", e.target, size)
}

// pushFaults is all of them.
func pushFaults() []pushFault {
	unfinished := "The push was not complete when its time was over: nothing of it is taken."
	return []pushFault{
		{
			name: "slow head", result: "", means: "A head takes 10 s at most. The connection is closed, and no push is counted.",
			send: dripping(func(e *endpoint) string { return "POST " + e.target + " HTTP/1.1\r\nX-Slow: " }),
		},
		{
			name: "slow sender", status: http.StatusBadRequest, result: "aborted", says: `broken off`, means: "A push takes 30 s at most. " + unfinished,
			send: dripping(func(e *endpoint) string { return open(e, 4000) + e.good[:10] }),
		},
		{
			name: "half a body", status: http.StatusBadRequest, result: "aborted", says: `broken off`, means: unfinished,
			send: func(c net.Conn, e *endpoint) error {
				_, err := io.WriteString(c, open(e, len(e.good))+e.good[:len(e.good)/2])
				return errors.Join(err, beneath(c).CloseWrite())
			},
		},
		{
			name: "reset within the body", result: "aborted", means: "As half a body, with force.",
			send: func(c net.Conn, e *endpoint) error {
				_, err := io.WriteString(c, open(e, len(e.good))+e.good[:len(e.good)/2])
				reset(c)
				return err
			},
		},
		{
			name: "huge", status: http.StatusRequestEntityTooLarge, result: "too_large", says: `more than 1048576`, means: "More than 1 MiB is refused before it is read.",
			send: sending(func(e *endpoint) string { return open(e, 2<<20) }),
		},
		{
			name: "chunks without an end", status: http.StatusRequestEntityTooLarge, result: "too_large", says: `more than 1048576`, means: "Of a body without a length no more than 1 MiB is read.",
			send: pouring(func(e *endpoint) string {
				return "POST " + e.target + " HTTP/1.1\r\nHost: exporter\r\nTransfer-Encoding: chunked\r\n\r\n"
			}, "1000\r\n"+strings.Repeat(" ", 4096)+"\r\n"),
		},
		{
			name: "head without an end", status: http.StatusRequestHeaderFieldsTooLarge, result: "", means: "A head has 8 KiB at most, and what the library adds to that. No push is counted.",
			send: pouring(func(e *endpoint) string { return "POST " + e.target + " HTTP/1.1\r\n" }, "X-More: and more\r\n"),
		},
		{
			name: "garbage", status: http.StatusBadRequest, result: "malformed", says: `no JSON from byte 1`, means: "No JSON.",
			send: sending(func(e *endpoint) string { return post(e.target, "\x00\x17\xfe\xff garbage") }),
		},
		{
			name: "garbage instead of HTTP", status: http.StatusBadRequest, result: "", means: "No HTTP: another program, or TLS where the listener has none. No push is counted.",
			send: sending(func(*endpoint) string { return "\x16\x03\x01\x00\x05hello\r\n\r\n" }),
		},
		{
			name: "HTML", status: http.StatusBadRequest, result: "malformed", says: `no JSON from byte 1`, means: "No JSON.",
			send: sending(func(e *endpoint) string { return post(e.target, "<html>Please log in</html>") }),
		},
		{
			name: "UTF-16", status: http.StatusBadRequest, result: "malformed", says: `no JSON from byte 1`, means: "A character set that JSON does not allow.",
			send: sending(func(e *endpoint) string { return post(e.target, utf16(e.good)) }),
		},
		{
			name: "no UTF-8 in a name", status: http.StatusOK, result: "accepted", says: `^(OK)?$`, means: "What is no UTF-8 in a name becomes �. The push is taken.",
			send: sending(func(e *endpoint) string {
				return post(e.target, spelled.ReplaceAllString(e.good, "${1}\xfc"))
			}),
		},
		{
			name: "empty", status: http.StatusBadRequest, result: "malformed", says: `empty`, means: "No JSON.",
			send: sending(func(e *endpoint) string { return post(e.target, "") }),
		},
		{
			name: "null", status: http.StatusBadRequest, result: "malformed", says: `.`, means: "JSON that says nothing.",
			send: sending(func(e *endpoint) string { return post(e.target, "null") }),
		},
		{
			name: "JSON of another kind", status: http.StatusBadRequest, result: "malformed", says: `.`, means: "JSON, and no push of such a device.",
			send: sending(func(e *endpoint) string { return post(e.target, `[["other"], 17]`) }),
		},
		{
			name: "too many levels", status: http.StatusBadRequest, result: "malformed", says: `more than 64 levels`, means: "Nobody's JSON has so many levels.",
			send: sending(func(e *endpoint) string { return post(e.target, strings.Repeat("[", 10_000)) }),
		},
		{
			name: "wrong method", status: http.StatusMethodNotAllowed, result: "unknown", says: `only POST`, means: "Pushes are POST.",
			send: sending(func(e *endpoint) string { return strings.Replace(post(e.target, e.good), "POST", "PUT", 1) }),
		},
		{
			name: "wrong path", status: http.StatusNotFound, result: "unknown", says: `not found`, means: "There is nothing else on this listener. It is counted without the name of a receiver.",
			send: sending(func(e *endpoint) string { return post("/metrics", e.good) }),
		},
		{
			name: "no secret", status: http.StatusUnauthorized, result: "unauthorized", says: `unknown company or token`, means: "Whoever sends has to prove who it is.",
			send: sending(func(e *endpoint) string { return post(e.absent, e.good) }),
		},
		{
			name: "wrong secret", status: http.StatusUnauthorized, result: "unauthorized", says: `unknown company or token`, means: "As no secret. After 30 different wrong secrets the address has to wait.",
			send: sending(func(e *endpoint) string { return post(e.wrong, e.good) }),
		},
		{
			name: "secret given twice", status: http.StatusUnauthorized, result: "unauthorized", says: `unknown company or token`, means: "Which of them counts would be a guess.",
			send: sending(func(e *endpoint) string {
				return post(e.target+"&"+strings.Split(strings.SplitN(e.target, "?", 2)[1], "&")[strings.Count(e.target, "&")], e.good)
			}),
		},
		{
			name: "compressed", status: http.StatusBadRequest, result: "malformed", says: `no JSON from byte 1`, means: "Nothing is unpacked: a few bytes could become gigabytes.",
			send: sending(func(e *endpoint) string {
				return post(e.target, gzipped(e.good), "Content-Encoding: gzip\r\n")
			}),
		},
	}
}
