package secrets

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	secret := New()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = io.WriteString(w, "x "+secret)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		secret, secret[:20], secret[len(secret)-20:], strings.ToUpper(secret), strconv.Quote(secret), url.QueryEscape(secret),
		hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))), "password=demo-password", packed.String(),
		base64.StdEncoding.EncodeToString([]byte(secret)), "Basic " + base64.StdEncoding.EncodeToString([]byte("u:"+secret)),
		base64.URLEncoding.EncodeToString([]byte("it is " + secret)), base64.RawURLEncoding.EncodeToString([]byte("x" + secret + "x")),
	} {
		if _, found := Find(text); !found {
			t.Errorf("it is not found in %q", text)
		}
	}
	if before, found := Find("It is " + secret); !found || before != "it is " {
		t.Errorf("before it is %q, %v", before, found)
	}
	for _, text := range []string{"", "password: <secret>", "demo-key of user demo", packed.String()[:20]} {
		if before, found := Find(text); found {
			t.Errorf("%q has none after %q", text, before)
		}
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	if a, b := New(), New(); a == b || len(a) > 72 {
		t.Errorf("%q and %q", a, b)
	}
}

// TestDemo compares the secrets of the demo with those in its configuration.
func TestDemo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../examples/demo.yml")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, found := range regexp.MustCompile(`\b(?:password|token|secret|id): (demo[^,}\s]+)`).FindAllSubmatch(text, -1) {
		all = append(all, string(found[1]))
	}
	slices.Sort(all)
	if all = slices.Compact(all); !slices.Equal(all, demo) {
		t.Errorf("the demo's are %q", all)
	}
}
