package torture

import (
	"regexp"
	"slices"
	"strings"
)

// What differs from run to run, or by chance, and what is shown instead.
var (
	torn  = regexp.MustCompile(`(?:dial tcp device: connect|(?:read|write) tcp exporter->device: (?:read|write)): (?:connection reset by peer|broken pipe)`)
	here  = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	clock = regexp.MustCompile(`current time \S+ is after`)
	waits = regexp.MustCompile(`tried in (?:\d+m)?\d+s`)
	until = regexp.MustCompile(`until \d{4}-\S+Z`)
	brief = regexp.MustCompile(`after \d+ bytes`)
	odd   = regexp.MustCompile(`payload length: -?\d+`)
	keyed = regexp.MustCompile(`auth "key-\d+"`)
	// An end that is seen before the question was sent goes by another name.
	early = "http: server closed idle connection"
	// Of two clocks that watch over a handshake, either can be the first.
	handshake = "TLS handshake: read tcp exporter->device: i/o timeout"
	// Of several questions at a time, any can be the one that logs in.
	logging = regexp.MustCompile(`(?m)^reading .*?logging in: `)
	// Where questions differ.
	subject = regexp.MustCompile(`^reading [^:]*: |/(?:api|v1)/[^ :]*`)
	// What depends on how many questions were under way.
	late = regexp.MustCompile(`^not asked any more: |: waiting for `)
)

// plain is an error as it is shown in the document.
func (c *cell) plain(text string) string {
	text = strings.ReplaceAll(text, c.address, "device")
	text = strings.ReplaceAll(text, elsewhere, "elsewhere")
	text = here.ReplaceAllString(text, "exporter")
	text = torn.ReplaceAllString(text, "read tcp exporter->device: read: connection reset by peer")
	text = strings.ReplaceAll(text, early, "EOF")
	text = strings.ReplaceAll(text, handshake, "TLS handshake: context deadline exceeded")
	text = clock.ReplaceAllString(text, "current time … is after")
	text = waits.ReplaceAllString(text, "tried in …")
	text = until.ReplaceAllString(text, "until …")
	text = keyed.ReplaceAllString(text, `auth "key"`)
	text = brief.ReplaceAllString(text, "after … bytes")
	text = odd.ReplaceAllString(text, "payload length: …")
	text = logging.ReplaceAllString(text, "logging in: ")
	return alike(text)
}

// alike leaves out of an error what says the same of other questions.
func alike(text string) string {
	var kept []string
	seen := map[string]bool{}
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		refusal, _, waiting := strings.Cut(line, "; the next log-in is tried")
		if waiting && slices.Contains(lines, refusal) {
			continue // one question has heard of the refusal of another
		}
		if key := subject.ReplaceAllString(line, ""); !seen[key] && !late.MatchString(line) {
			seen[key] = true
			kept = append(kept, line)
		}
	}
	switch {
	case len(kept) == 0:
		return text
	case len(kept) < len(lines):
		kept = append(kept, "…")
	}
	return strings.Join(kept, "\n")
}
