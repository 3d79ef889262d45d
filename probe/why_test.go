package probe

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"power_exporter/power"
)

// TestWhyAProbeFailed shows where an answer says why, and that it stays what the
// text format allows, whatever the error.
func TestWhyAProbeFailed(t *testing.T) {
	t.Parallel()
	const path, says = "/probe?module=nut&target=a", "\n# The probe failed: "
	for _, c := range []struct {
		err    error
		header []string
		want   string // the last line; "" if nothing is said
	}{
		{errors.New("dial tcp: no route"), nil, "# The probe failed: dial tcp: no route"},
		{errors.Join(errors.New("TYPE x counter"), errors.New("b\r\n\x00\x1b[31mprobe_success 1\xff")), nil, "# The probe failed: TYPE x counter; b ;   [31mprobe_success 1\uFFFD"},
		{errors.New(strings.Repeat("ä", maxError)), nil, "# The probe failed: " + strings.Repeat("ä", maxError/2) + "…"},
		{nil, nil, ""},
		{errDown, []string{"Accept", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"}, ""},
		{errDown, []string{"Accept-Encoding", "gzip"}, ""},
	} {
		f := newFixture(t, "", func(context.Context) ([]power.Device, error) { return []power.Device{device("a", 230)}, c.err })
		body := f.get(t, path, c.header...).Body.String()
		if c.want == "" {
			if strings.Contains(body, says) {
				t.Errorf("%v %q: it says why:\n%s", c.err, c.header, body)
			}
			continue
		}
		if !strings.HasSuffix(body, "\nprobe_success 0\n"+c.want+"\n") {
			t.Errorf("%v: want %q at the end of\n%q", c.err, c.want, body)
		}
		parser := expfmt.NewTextParser(model.UTF8Validation)
		families, err := parser.TextToMetricFamilies(strings.NewReader(body))
		if err != nil || families["probe_success"].GetMetric()[0].GetGauge().GetValue() != 0 || families["x"] != nil {
			t.Errorf("%v: %v", c.err, err)
		}
	}
}

// TestNamesAreListed shows how many names an error lists.
func TestNamesAreListed(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 12 {
		many = append(many, strconv.Itoa(i))
	}
	for want, names := range map[string][]string{
		"there is none":         nil,
		`known are "a\"b", "c"`: {`a"b`, "c"},
		`known are "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" and 2 more`: many,
	} {
		if got := listed(names); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestDebugOfAStream shows that a debug page says where readings came from that
// nothing was asked for.
func TestDebugOfAStream(t *testing.T) {
	t.Parallel()
	for want, streamed := range map[string]power.Value{
		"\nRequests:\n  none: the readings came by the stream\n": power.Boolean(true),
		"\nRequests:\n  none\n":                                  {},
	} {
		f := newFixture(t, "", func(context.Context) ([]power.Device, error) {
			return []power.Device{{ID: "a", Up: true, Streamed: streamed}}, nil
		})
		if body := f.get(t, "/probe?module=nut&target=a&debug=true").Body.String(); !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, body)
		}
	}
}
