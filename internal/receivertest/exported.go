package receivertest

import (
	"slices"
	"strings"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// Devices are what is exported now, by their ids.
func (s *Site) Devices() []power.Device {
	devices := s.Store.Devices()
	slices.SortFunc(devices, func(a, b power.Device) int { return strings.Compare(a.ID, b.ID) })
	return devices
}

// Metrics is the text form of what is exported now.
func (s *Site) Metrics() string {
	s.TB.Helper()
	return golden.Gather(s.TB, exposition.NewCollector(s.Devices()))
}

// Expect fails the test unless the samples that contain a text are these, in
// the order of the text form.
func (s *Site) Expect(containing string, want ...string) {
	s.TB.Helper()
	s.ExpectOf(containing, func(line string) bool { return strings.Contains(line, containing) }, want...)
}

// ExpectOf is Expect for the samples that are of something, which what names in
// the error.
func (s *Site) ExpectOf(what string, of func(sample string) bool, want ...string) {
	s.TB.Helper()
	var got []string
	for line := range strings.Lines(s.Metrics()) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") && of(line) {
			got = append(got, line)
		}
	}
	if !slices.Equal(got, want) {
		s.TB.Errorf("of %s there are\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
