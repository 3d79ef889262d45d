package torture

import (
	"io"
	"net"
	"net/http"
	"strings"
)

// compressed is the name of a fault.
const compressed = "compressed, though nobody asked"

// answering is the faults of an answer that is cut off, late or never ends.
func answering() []fault {
	return []fault{
		{
			name:   "closed after the request",
			means:  "The device gives up: it restarts, or has no more memory.",
			says:   `EOF|closed`,
			answer: func(x *exchange) { x.raw(finish) },
		},
		{
			name:   "reset after the request",
			means:  "The same, with force.",
			says:   `connection reset`,
			answer: func(x *exchange) { x.raw(reset) },
		},
		{
			name:  "reset within the head",
			means: "The same, in the middle of its first words.",
			says:  `connection reset|malformed MIME header`,
			answer: func(x *exchange) {
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Ty")
					reset(c)
				})
			},
		},
		{
			name: "reset within the body", whole: true,
			means: "The same, in the middle of a reading. Nothing of a reading that is not whole is shown.",
			says:  `broke off after .+ bytes.*connection reset`,
			answer: func(x *exchange) {
				body := x.right().Body.String()
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, head("200 OK", len(body))+body[:len(body)/2])
					reset(c)
				})
			},
		},
		{
			name: "half a body", whole: true,
			means: "The connection ends in good order and too early.",
			says:  `broke off after .+ bytes: unexpected EOF`,
			answer: func(x *exchange) {
				body := x.right().Body.String()
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, head("200 OK", len(body))+body[:len(body)/2])
					finish(c)
				})
			},
		},
		{
			name: "half a body of unknown length", whole: true,
			means: "The same, of a device that does not say how long its answers are. That the JSON is not whole tells it.",
			says:  `.`,
			answer: func(x *exchange) {
				body := x.right().Body.String()
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, head("200 OK", -1)+body[:len(body)/2])
					finish(c)
				})
			},
		},
		{
			name: "no answer", slow: true,
			means: "The device hangs. The probe ends when its time is over.",
			says:  `within the time of the probe|no frame in`,
			answer: func(x *exchange) {
				x.raw(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
			},
		},
		{
			name: "slow head", slow: true,
			means: "The device, or the way to it, is too slow for the time of the probe.",
			says:  `within the time of the probe`,
			answer: func(x *exchange) {
				x.raw(func(c net.Conn) { drip(c, head("200 OK", 2)+"{}") })
			},
		},
		{
			name: "slow body", slow: true, whole: true,
			means: "The same.",
			says:  `within the time of the probe`,
			answer: func(x *exchange) {
				right := x.right()
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, headLike(right))
					drip(c, right.Body.String())
				})
			},
		},
		{
			name:  "endless head",
			means: "Something is there that is no device of this kind. No more than 10 MiB are read.",
			says:  `headers exceeded`,
			answer: func(x *exchange) {
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
					pour(c, strings.Repeat("X-More: and more\r\n", 1000))
				})
			},
		},
		{
			name:  "endless body",
			means: "The same. No more than 16 MiB are read.",
			says:  `larger than 16 MiB`,
			answer: func(x *exchange) {
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, head("200 OK", -1)+"[")
					pour(c, strings.Repeat(`"and more",`, 3000))
				})
			},
		},
		{
			name:  "garbage instead of HTTP",
			means: "Something is there that does not speak HTTP.",
			says:  `malformed HTTP`,
			answer: func(x *exchange) {
				credential := x.r.Header.Get("Authorization") + x.r.URL.RawQuery
				x.raw(func(c net.Conn) {
					_, _ = io.WriteString(c, "\x00\x17\xfe\xff\x03 "+credential+string(x.asked)+"\r\n\r\n")
					finish(c)
				})
			},
		},
	}
}

// replying is the faults of an answer that comes and is another than expected.
func replying() []fault {
	return []fault{
		{
			name:   "garbage as a body",
			means:  "The answer is no JSON: a broken device, or another one.",
			says:   `.`,
			answer: func(x *exchange) { x.reply(http.StatusOK, "application/json", "\x00\x17\xfe\xff\x03{"+string(x.asked)) },
		},
		{
			name:  "HTML with status 200",
			means: "A web page instead of readings: a log-in page, a page of the network (a captive portal), or another kind of device.",
			says:  `.`,
			answer: func(x *exchange) {
				x.reply(http.StatusOK, "text/html", "<!DOCTYPE html>\n<html><head><title>Please log in</title></head><body>"+string(x.asked)+"</body></html>\n")
			},
		},
		{
			name: "names that are no UTF-8", whole: true, fine: true, renames: true,
			means: "Names are in an older character set. What is no UTF-8 becomes �; the readings stay.",
			answer: func(x *exchange) {
				x.change(func(body string) string { return spelled.ReplaceAllString(body, "${1}\xfc") })
			},
		},
		{
			name: "UTF-8 with a byte order mark", whole: true, fine: true,
			means:  "A habit of some web servers. It is passed over.",
			answer: func(x *exchange) { x.change(func(body string) string { return "\xef\xbb\xbf" + body }) },
		},
		{
			name: "UTF-16", whole: true,
			means:  "The answer is in a character set that JSON does not allow.",
			says:   `.`,
			answer: func(x *exchange) { x.change(utf16) },
		},
		{
			name: compressed, whole: true,
			means: "Something between the exporter and the device compresses. The exporter never asks for that, and does not unpack: a few bytes could become gigabytes.",
			says:  `.`,
			answer: func(x *exchange) {
				x.w.Header().Set("Content-Encoding", "gzip")
				x.change(gzipped)
			},
		},
		{
			name:   "empty answer",
			means:  "Status 200, and nothing else.",
			says:   `.`,
			answer: func(x *exchange) { x.reply(http.StatusOK, "application/json", "") },
		},
		{
			name:   "204 No Content",
			means:  "The same in other words.",
			says:   `.`,
			answer: func(x *exchange) { x.w.WriteHeader(http.StatusNoContent) },
		},
		{
			name: "null", mute: true,
			means:  "JSON that says nothing. It is no reading; for a list it can count as one without members.",
			says:   `.`,
			answer: func(x *exchange) { x.reply(http.StatusOK, "application/json", "null\n") },
		},
		{
			name:   "JSON of another kind",
			means:  "JSON, and not of this device: another one, or another version.",
			says:   `.`,
			answer: func(x *exchange) { x.reply(http.StatusOK, "application/json", "[[\"other\"], 17]\n") },
		},
		refusing(http.StatusUnauthorized, "The credentials are refused, or the session is. The error names the auth to look at."),
		refusing(http.StatusForbidden, "The account lacks a permission."),
		refusing(http.StatusNotFound, "The path does not exist: another version of the device's software, or another kind of device."),
		refusing(http.StatusTooManyRequests, "The device, or the service, asks to be left alone for a while (`Retry-After`)."),
		refusing(http.StatusInternalServerError, "A mistake in the device."),
		refusing(http.StatusServiceUnavailable, "The device is overloaded or starts."),
		{
			name:   "redirected without an end",
			means:  "The web server points to itself again and again. A log-in is never sent on.",
			says:   `redirected without end|302 Found within http://device, which is not followed`,
			answer: func(x *exchange) { http.Redirect(x.w, x.r, x.r.URL.RequestURI(), http.StatusFound) },
		},
		{
			name:  "redirected to another host",
			means: "The web server points elsewhere. Nothing is asked there, and no credential goes there.",
			says:  `302 Found to http://elsewhere, which is not followed`,
			answer: func(x *exchange) {
				http.Redirect(x.w, x.r, "http://"+elsewhere+"/?"+x.r.URL.RawQuery, http.StatusFound)
			},
		},
		{
			name: "redirected from https to http", secure: true,
			means:  "Following would send the credentials unencrypted.",
			says:   `302 Found to http://device, which is not followed`,
			answer: func(x *exchange) { http.Redirect(x.w, x.r, "http://"+x.r.Host+x.r.URL.RequestURI(), http.StatusFound) },
		},
		{
			name:  "redirected to a log-in page",
			means: "The session has ended, and the web server shows its log-in page to whoever asks.",
			says:  `.`,
			answer: func(x *exchange) {
				if x.r.URL.Path == logInPage {
					x.reply(http.StatusOK, "text/html", "<!DOCTYPE html>\n<html><body>Please log in</body></html>\n")
					return
				}
				http.Redirect(x.w, x.r, logInPage, http.StatusFound)
			},
		},
	}
}
