package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestExplain shows that what came for a request of another's making has the
// type and words of this package, and no secret.
func TestExplain(t *testing.T) {
	t.Parallel()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://device/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer := &http.Response{
		StatusCode: http.StatusFound, Request: request,
		Header: http.Header{"Location": {"/login?" + secret}, "Retry-After": {"7"}},
		Body:   io.NopCloser(strings.NewReader(strings.Repeat("x", 2*maxRefusal))),
	}
	err = Explain(t.Context(), answer, errors.New(secret))
	want := &StatusError{
		Code: http.StatusFound, Body: []byte(strings.Repeat("x", maxRefusal)), RetryAfter: 7 * time.Second, Location: "http://device", Inside: true,
	}
	got, _ := errors.AsType[*StatusError](err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}

	cause := fmt.Errorf("malformed MIME header: missing colon: %q", secret)
	err = Explain(t.Context(), nil, fmt.Errorf("dialling: %w", &url.Error{Op: "Get", URL: "http://device/?" + secret, Err: cause}))
	if err.Error() != `malformed MIME header: missing colon: "..."` || !errors.Is(err, cause) {
		t.Errorf("error is %v", err)
	}
}
