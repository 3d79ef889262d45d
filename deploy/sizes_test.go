package deploy

import (
	"fmt"
	"strings"
	"testing"
)

// TestSizes holds what docs/scaling.md says of a UPS that pushes to the metrics
// of one that says all it can.
func TestSizes(t *testing.T) {
	t.Parallel()
	series, bytes := 0, 0
	for line := range strings.Lines(read(t, "../collector/powersentrix/testdata/direct/full.prom")) {
		if !strings.HasPrefix(line, "#") {
			series++
			bytes += len(line)
		}
	}
	document := strings.Join(strings.Fields(read(t, "../docs/scaling.md")), " ")
	for _, want := range []string{
		fmt.Sprintf("has %d series and %.0f kB of text", series, float64(bytes)/1e3),
		fmt.Sprintf("| 100 | %d,%d00 | %.1f MB |", series/10, series%10, float64(bytes)/1e4),
		fmt.Sprintf("| 1,000 | %d,000 | %.0f MB |", series, float64(bytes)/1e3),
		fmt.Sprintf("| 10,000 | %d0,000 | %.0f MB |", series, float64(bytes)/1e2),
	} {
		if !strings.Contains(document, want) {
			t.Errorf("docs/scaling.md does not say %q", want)
		}
	}
}
