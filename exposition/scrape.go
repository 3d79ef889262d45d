package exposition

import (
	"bufio"
	"io"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"power_exporter/power"
)

// WriteText writes the metrics of devices and of a probe in Prometheus' text
// format. Its error is of the writer, or of devices that [power.Validate] has
// not seen.
func WriteText(w io.Writer, devices []power.Device, probe Probe) error {
	s, err := newScrape(devices, &probe, prometheus.NewRegistry())
	if err != nil {
		return err
	}
	return s.write(w)
}

// scrape is the metrics of one scrape, both lists in the order of their names,
// none of which is in both.
type scrape struct {
	series []*series
	others []*dto.MetricFamily // the exporter's own
}

// newScrape gathers a scrape. Its error is what client_golang refuses as well.
func newScrape(devices []power.Device, probe *Probe, others prometheus.Gatherer) (*scrape, error) {
	own, err := others.Gather()
	if err != nil {
		return nil, err
	}
	all, err := seriesOf(devices, probe)
	if err != nil {
		return nil, err
	}
	return &scrape{all, own}, nil
}

// write writes the metrics in the text format, as client_golang does.
func (s *scrape) write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<14)
	others := s.others
	for _, next := range s.series {
		for len(others) > 0 && others[0].GetName() < next.name {
			if _, err := expfmt.MetricFamilyToText(out, others[0]); err != nil {
				return err
			}
			others = others[1:]
		}
		next.write(out)
	}
	for _, other := range others {
		if _, err := expfmt.MetricFamilyToText(out, other); err != nil {
			return err
		}
	}
	return out.Flush()
}

// textFormat is the format with all its parameters in which a scrape is to be
// answered, and whether that is the text format that scrape.write writes.
func textFormat(h http.Header) (expfmt.Format, bool) {
	format := expfmt.NegotiateAccept(h, expfmt.DefaultAcceptedFormats()...)
	if format.FormatType() != expfmt.TypeTextPlain {
		return format, false
	}
	// The others would write names otherwise, or might in time.
	escaping := format.ToEscapingScheme()
	return format, escaping == model.NoEscaping || escaping == model.UnderscoreEscaping
}
