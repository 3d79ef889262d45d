package soak

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// secrets makes secrets, and finds them wherever they are shown. All of them
// have a part in common.
type secrets struct {
	mark      string
	disguises []string
	made      int
}

// newSecrets prepares secrets.
func newSecrets(r *rand.Rand) *secrets {
	s := &secrets{mark: fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64())}
	s.disguises = []string{s.mark}
	// In base64 a text looks in three ways, by where it begins; what its ends
	// look like depends on what is beside it.
	for skip := range 3 {
		coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", skip) + s.mark))
		s.disguises = append(s.disguises, coded[4:len(coded)-4])
	}
	return s
}

// next is one more secret. It needs quoting in most places that it can come to.
func (s *secrets) next() string {
	s.made++
	return fmt.Sprintf(`open "sesame" \ %s-%d`, s.mark, s.made)
}

// in gives what stands before a secret in the text.
func (s *secrets) in(text string) (before string, found bool) {
	for _, disguise := range s.disguises {
		if before, _, found := strings.Cut(text, disguise); found {
			return before[max(0, len(before)-300):], true
		}
	}
	return "", false
}

// TestSecretsAreFound hides a secret in the ways in which one may be shown.
func TestSecretsAreFound(t *testing.T) {
	t.Parallel()
	s := newSecrets(rand.New(rand.NewPCG(1, 2)))
	secret := s.next()
	for _, shown := range []string{
		"password: " + secret,
		"GET /api_actions?apiKey=" + url.QueryEscape(secret) + "&fn=2",
		fmt.Sprintf("%q", secret),
		"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("u:"+secret)),
		"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("us:"+secret)),
		"Authorization: Basic " + base64.URLEncoding.EncodeToString([]byte("use:"+secret)),
	} {
		if _, found := s.in(shown); !found {
			t.Errorf("the secret is not found in %s", shown)
		}
	}
	if before, found := s.in(`open "sesame" \ ` + strconv.Itoa(s.made)); found {
		t.Errorf("a secret is found after %q where there is none", before)
	}
}
