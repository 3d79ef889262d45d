package torture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	unicode16 "unicode/utf16"
)

// elsewhere is an address to which nobody may be sent. Nobody is there, so that
// who goes there has an error that says so.
const elsewhere = "127.0.0.1:1"

// logInPage is the path of a page for people.
const logInPage = "/login.html"

// spelled is a name in JSON, up to its last quotation mark.
var spelled = regexp.MustCompile(`("(?:outletName|name|label|location|notes|description|upsName|model)"\s*:\s*"(?:[^"\\]|\\.)+)`)

// headLike is the head of a good answer.
func headLike(right *httptest.ResponseRecorder) string {
	var lines []string
	for name, values := range right.Header() {
		if name == "Content-Length" || name == "Content-Type" {
			continue
		}
		for _, value := range values {
			lines = append(lines, name+": "+value)
		}
	}
	return head(strconv.Itoa(right.Code)+" "+http.StatusText(right.Code), right.Body.Len(), lines...)
}

// reply answers with a body.
func (x *exchange) reply(status int, kind, body string) {
	x.w.Header().Set("Content-Type", kind)
	x.w.WriteHeader(status)
	_, _ = io.WriteString(x.w, body)
}

// change answers as the device would, with another body.
func (x *exchange) change(f func(string) string) {
	right := x.right()
	header := right.Header()
	header.Del("Content-Length")
	maps.Copy(x.w.Header(), header)
	x.w.WriteHeader(right.Code)
	_, _ = io.WriteString(x.w, f(right.Body.String()))
}

// utf16 is a text in UTF-16 with a byte order mark.
func utf16(text string) string {
	units := unicode16.Encode([]rune("\ufeff" + text))
	encoded := make([]byte, 0, 2*len(units))
	for _, unit := range units {
		encoded = binary.LittleEndian.AppendUint16(encoded, unit)
	}
	return string(encoded)
}

// gzipped is a text that is compressed.
func gzipped(text string) string {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = io.WriteString(w, text) // memory takes everything
	_ = w.Close()
	return packed.String()
}

// refusing is a fault that answers with a status, and repeats all that it was
// sent, as some web servers do.
func refusing(status int, means string) fault {
	return fault{
		name: strconv.Itoa(status) + " " + http.StatusText(status), means: means,
		says: strconv.Itoa(status) + " " + http.StatusText(status),
		answer: func(x *exchange) {
			if status == http.StatusTooManyRequests {
				x.w.Header().Set("Retry-After", "30")
			}
			x.reply(status, "text/plain", x.r.URL.RequestURI()+" "+x.r.Header.Get("Authorization")+" "+string(x.asked))
		},
	}
}
