package cloudtrax

import (
	"fmt"
	"strings"
)

// maxReasons is for how many reasons an error says which strips failed. A service
// in trouble has the same for all of them.
const maxReasons = 5

// failures are strips that could not be read, those of one reason together.
type failures []*failure

// failure is a reason, and the strips that it holds for.
type failure struct {
	reason string
	first  error
	strips names
}

// add adds a strip, and why it could not be read.
func (f *failures) add(s *strip, err error) {
	reason := strings.ReplaceAll(err.Error(), objectPath(s.ID.String()), "")
	for _, known := range *f {
		if known.reason == reason {
			known.strips.add(s)
			return
		}
	}
	*f = append(*f, &failure{reason, err, names{s.label()}})
}

// errors are as many as there are reasons, but not too many.
func (f failures) errors() []error {
	var errs []error
	more := 0
	for i, known := range f {
		switch n := len(known.strips); {
		case i >= maxReasons:
			more += n
		case n == 1:
			errs = append(errs, fmt.Errorf("reading %s: %w", known.strips, known.first))
		default:
			errs = append(errs, fmt.Errorf("reading %d strips (%s): %w", n, known.strips, known.first))
		}
	}
	if more > 0 {
		errs = append(errs, fmt.Errorf("reading %d more strips failed for other reasons", more))
	}
	return errs
}

// names are those of strips, for an error.
type names []string

func (n *names) add(s *strip) { *n = append(*n, s.label()) }

// maxNames is how many strips an error names that says the same of all of them.
const maxNames = 10

// String is the names, or the first of them and how many there are.
func (n names) String() string {
	shown := strings.Join(n[:min(len(n), maxNames)], ", ")
	if len(n) > maxNames {
		return fmt.Sprintf("%s and %d more", shown, len(n)-maxNames)
	}
	return shown
}
