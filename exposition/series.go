package exposition

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"power_exporter/power"
)

// gathered is a sink that keeps the samples of one scrape by family, in much
// less memory than client_golang would take for them.
type gathered map[*family]*series

// series are the samples of one family.
type series struct {
	*family
	samples []sample
}

// add implements sink.
func (g gathered) add(f *family, s sample) {
	of, ok := g[f]
	if !ok {
		of = &series{family: f}
		g[f] = of
	}
	if len(of.samples) == cap(of.samples) {
		// A slice that is large grows by a quarter by itself, so that a fleet
		// would be copied again and again.
		of.samples = slices.Grow(of.samples, max(16, len(of.samples)))
	}
	of.samples = append(of.samples, s)
}

// seriesOf is the samples of devices and, unless it is nil, of a probe: families
// by name, and samples by the values of their labels. Its error is what
// client_golang refuses as well: a label that is not UTF-8, and two samples with
// the same labels.
func seriesOf(devices []power.Device, probe *Probe) ([]*series, error) {
	g := gathered{}
	for _, d := range byID(devices) {
		send(g, d)
	}
	if probe != nil {
		probe.send(g)
	}
	all := make([]*series, 0, len(g))
	for _, s := range g {
		s.sort()
		if err := s.check(); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *series) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// byID are the devices in the order of their ids.
func byID(devices []power.Device) []*power.Device {
	sorted := make([]*power.Device, len(devices))
	for i := range devices {
		sorted[i] = &devices[i]
	}
	slices.SortFunc(sorted, func(a, b *power.Device) int { return strings.Compare(a.ID, b.ID) })
	return sorted
}

// sort sorts the samples, which were added device by device. Where the device is
// the first label, as in most families, each device's samples are sorted by
// themselves: a large fleet costs no more for each device than a small one.
func (s *series) sort() {
	if len(s.order) == 0 || s.labels[s.order[0]] != "device" {
		slices.SortFunc(s.samples, func(a, b sample) int { return a.compare(&b, s.order) })
		return
	}
	device, others := s.order[0], s.order[1:]
	for rest := s.samples; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].labels[device] == rest[0].labels[device] {
			n++
		}
		slices.SortFunc(rest[:n], func(a, b sample) int { return a.compare(&b, others) })
		rest = rest[n:]
	}
}

// check refuses what would spoil a scrape.
func (s *series) check() error {
	for i := range s.samples {
		for _, text := range s.samples[i].labels {
			if !utf8.ValidString(text) {
				return fmt.Errorf("%s has a label that is not UTF-8: %q", s.name, text)
			}
		}
		if i > 0 && s.samples[i].compare(&s.samples[i-1], s.order) == 0 {
			return fmt.Errorf("%s has two samples with the labels %q", s.name, s.samples[i].labels)
		}
	}
	return nil
}
