package torture

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"power_exporter/e2e/program"
)

// cell is one field of the matrix: a fault of a system in a stage.
type cell struct {
	target string // its name
	system string
	stage  string // "connecting" for none
	fault  *fault
	// begin and end are when the fault does.
	begin, end func(*testing.T)
	address    string // host:port of the device
	stream     bool
}

// outcome is what was seen of a cell.
type outcome struct {
	cell     *cell
	success  bool
	devices  string
	lost     string
	requests string
	said     string // the error; "" for none
	after    string // how the next probe is, when the fault is over
}

// answer is what the exporter says of a probe to a person.
type answer struct {
	series series
	said   string // the error
	page   string
}

// probe makes a probe as a person does, and reads the page.
func (e *exporter) probe(t *testing.T, target string) answer {
	t.Helper()
	path := "/probe?debug=true&target=" + url.QueryEscape(target)
	status, page := e.get(t, path)
	if status != http.StatusOK {
		t.Fatalf("%s: status %d, want 200: %s", path, status, page)
	}
	about, metrics, found := strings.Cut(page, "\nMetrics:\n")
	if !found {
		t.Fatalf("%s: there are no metrics in\n%s", path, page)
	}
	a := answer{series: parse(t, metrics), page: page}
	if _, after, found := strings.Cut(about, "\nErrors:\n"); found {
		text, _, _ := strings.Cut(after, "\n\nDevices:")
		a.said = strings.ReplaceAll(strings.TrimSpace(text), "\n  ", "\n")
	}
	if (a.said == "") != (a.series["probe_success"] == "1") {
		t.Errorf("%s: probe_success is %q, and the error is %q", path, a.series["probe_success"], a.said)
	}
	return a
}

// watch goes through a cell: a good probe, the fault, and a probe after its end.
func (c *cell) watch(t *testing.T, e *exporter) outcome {
	t.Helper()
	well := answer{}
	if !c.fault.unknown && !c.ofStream() {
		well = e.probe(t, c.target)
		if well.said != "" {
			t.Fatalf("before the fault: %s", well.said)
		}
		if c.stream {
			well = c.streamed(t, e, "1")
		}
	}
	c.begin(t)
	ill := c.failing(t, e)
	o := outcome{cell: c, success: ill.said == "", devices: ill.series.devices(), requests: ill.series.requests(), said: c.plain(ill.said)}
	switch {
	case c.ofStream():
		o.said = c.plain(whyNot(t, ill.page))
	case !c.fault.unknown:
		o.lost = ill.series.lost(well.series)
		if c.fault.renames {
			o.lost = ill.series.unnamed().lost(well.series.unnamed())
		}
	}
	c.judge(t, well, ill, o)
	if c.fault.chance {
		o.requests, o.said = "some or all", "…\n"+regexp.MustCompile(c.fault.says).FindString(o.said)
	}
	if c.fault.keep {
		o.requests = "none or some" // a kept connection may be found out by a request
	}
	if c.end == nil {
		return o
	}
	c.end(t)
	if c.stream {
		o.after = "good"
		again := c.streamed(t, e, "1")
		if c.ofStream() {
			o.lost = ill.series.lost(again.series)
		}
		return o
	}
	next := e.probe(t, c.target)
	o.after = c.plain(next.said)
	if o.after == "" {
		o.after = "good"
		if lost := next.series.lost(well.series); lost != "nothing" {
			t.Errorf("after the fault, %s is not back", lost)
		}
		if found := next.series.invented(well.series); len(found) > 0 {
			t.Errorf("after the fault, there are other readings:\n%s", strings.Join(found, "\n"))
		}
	} else if !strings.Contains(o.after, "the next log-in is tried in") && !strings.Contains(o.after, "asked to wait") {
		t.Errorf("the fault is over, and the probe fails with %s", o.after)
	}
	return o
}

// ofStream says whether only the stream fails, which has not begun then: what
// is said of it would otherwise be how the one before has ended.
func (c *cell) ofStream() bool { return c.stream && c.fault.answer != nil }

// failing is the probe during the fault.
func (c *cell) failing(t *testing.T, e *exporter) answer {
	t.Helper()
	switch {
	case c.ofStream():
		return c.streamed(t, e, "0")
	case c.stream:
		return c.gone(t, e)
	}
	a := e.probe(t, c.target)
	for range 10 {
		// A machine that is too busy does not hand over in time what it has.
		if !strings.Contains(a.said, "the reading does not end") {
			break
		}
		a = e.probe(t, c.target)
	}
	return a
}

// gone probes until the newest frame of a stream is too old to answer.
func (c *cell) gone(t *testing.T, e *exporter) (a answer) {
	t.Helper()
	program.Eventually(t, c.target+" is not there", func() error {
		if a = e.probe(t, c.target); a.said == "" {
			return errors.New("the probe succeeds")
		}
		return nil
	})
	return a
}

// judge holds the probe to what must be true of every fault.
func (c *cell) judge(t *testing.T, well, ill answer, o outcome) {
	t.Helper()
	if c.ofStream() || c.fault.fine {
		if !o.success {
			t.Errorf("the probe fails with %s", o.said)
		}
	} else if o.success {
		t.Error("the probe succeeds")
	}
	if says := regexp.MustCompile(c.fault.says).MatchString(o.said); !c.fault.fine && !c.ofStream() && says == c.fault.vague {
		t.Errorf("that the error matches %s is %t:\n%s", c.fault.says, says, o.said)
	}
	if found := ill.series.invented(well.series); len(found) > 0 && !c.fault.renames && !c.ofStream() {
		t.Errorf("readings that the device did not give:\n%s", strings.Join(found, "\n"))
	}
	if c.ofStream() && o.said == "" {
		t.Error("nothing says why the stream fails")
	}
	if !c.fault.mute && !c.fault.renames && o.lost == "everything" && strings.Contains(o.devices, "up") {
		t.Errorf("nothing was read, and the devices are %s", o.devices)
	}
	if n := len(o.said); n > 4000 {
		t.Errorf("the error has %d bytes", n)
	}
}

// streamed probes until the PDU is streamed, or is not.
func (c *cell) streamed(t *testing.T, e *exporter, want string) (a answer) {
	t.Helper()
	program.Eventually(t, c.target+" is streamed: "+want, func() error {
		a = e.probe(t, c.target)
		for name, value := range a.series {
			if family(name) == "power_device_streamed" && value == want {
				if want == "1" || strings.Contains(a.page, "the stream is silent") {
					return nil
				}
			}
		}
		return errors.New("it is not so")
	})
	return a
}

// silent is what the log says of a stream that failed.
var silent = regexp.MustCompile(`the stream is silent.* err="((?:[^"\\]|\\.)*)"`)

// whyNot is why a stream failed.
func whyNot(t *testing.T, page string) string {
	t.Helper()
	found := silent.FindStringSubmatch(page)
	if found == nil {
		t.Errorf("the log does not say why the stream fails:\n%s", page)
		return ""
	}
	return strings.NewReplacer(`\"`, `"`, `\n`, "\n").Replace(found[1])
}

// String names the cell.
func (c *cell) String() string { return fmt.Sprintf("%s, %s, %s", c.system, c.stage, c.fault.name) }
