package powersentrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// faults is what a web server can do wrong, by a name for it.
var faults = []struct {
	name  string
	fault simfault.Fault
}{
	{"400", simfault.Fault{Status: http.StatusBadRequest}},
	{"401", simfault.Fault{Status: http.StatusUnauthorized}},
	{"403", simfault.Fault{Status: http.StatusForbidden}},
	{"404", simfault.Fault{Status: http.StatusNotFound}},
	{"429", simfault.Fault{Status: http.StatusTooManyRequests}},
	{"500", simfault.Fault{Status: http.StatusInternalServerError}},
	{"half", simfault.Fault{Half: true}},
	{"huge", simfault.Fault{Size: 17 << 20}},
	{"HTML", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"}},
	{"wrong types", simfault.Fault{WrongTypes: true}},
	{"another object", simfault.Fault{Body: []byte(`{"message":"maintenance"}`)}},
	{"not OK", simfault.Fault{Body: []byte(`{"responseMessage":"upsNotFound"}`)}},
	{"a list", simfault.Fault{Body: []byte(`[1,2,3]`)}},
	{"empty list", simfault.Fault{Body: []byte(`[]`)}},
	{"null", simfault.Fault{Body: []byte(`{"responseMessage":"OK","responseObject":null}`)}},
	{"empty", simfault.Fault{Body: []byte{}}},
	{"reset", simfault.Fault{Reset: true}},
	{"redirect", simfault.Fault{Location: "http://elsewhere.example/?token=x"}},
}

// when is when something goes wrong: in the first reading, or in a later one.
var when = []string{"first", "later"}

// endpoints are all that is asked, by a name for each: with a fault in one of
// them, a collector that has not read anything yet or has.
var endpoints = []struct {
	name   string
	url    string // a part of its URL
	faulty func(t *testing.T, fault simfault.Fault, later bool) *Collector
}{
	{"data", "fn=2", func(t *testing.T, fault simfault.Fault, later bool) *Collector {
		t.Helper()
		c, ups := startUPS(t, manual())
		if later {
			mustCollect(t, c)
		}
		ups.SetFault("/api_actions", fault)
		return c
	}},
	{"ident", "fn=1", func(t *testing.T, fault simfault.Fault, later bool) *Collector {
		t.Helper()
		c, set := startWithoutIdentity(t)
		if later {
			mustCollect(t, c)
		}
		set.SetFault("/identity", fault)
		return c
	}},
	{"authenticate", "/user/authenticate", faultyPortal("/user/authenticate")},
	{"list", "/ups/getUpsList", faultyPortal("/ups/getUpsList")},
	{"summary", "/ups/getBasicInfo", faultyPortal("/ups/getBasicInfo")},
	{"readings", "/ups/getUpsComplexObject", faultyPortal("/ups/getUpsComplexObject")},
	{"events", logPath, faultyPortal(logPath)},
}

// faultyPortal is a portal of which one path misbehaves.
func faultyPortal(path string) func(*testing.T, simfault.Fault, bool) *Collector {
	return func(t *testing.T, fault simfault.Fault, later bool) *Collector {
		t.Helper()
		all := entries(t)
		c, portal := startPortal(t, all, withLog, oneByOne)
		all[0].UPS.Record("I/E01", "Output 1 turned ON", "")
		if later {
			mustCollect(t, c)
			all[0].UPS.Record("I/E01", "Output 2 turned ON", "")
		}
		if later && path == "/user/authenticate" {
			portal.ExpireTokens()
		}
		portal.SetFault("/api/v1"+path, fault)
		return c
	}
}

// startWithoutIdentity plays a UPS whose full data leave out who it is, and
// makes a collector of it. Faults at /identity are those of fn=1 alone.
func startWithoutIdentity(tb testing.TB) (*Collector, *simfault.Set) {
	tb.Helper()
	told, full := ups(tb, manual()), ups(tb, manual())
	full.Update(func(d *powersentrixsim.Data) { d.Config.Ident, d.Config.Settings = nil, nil })
	set := &simfault.Set{}
	faulty := set.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(told.Ident()) }))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("fn") == "1" {
			r.URL.Path = "/identity"
			faulty.ServeHTTP(w, r)
			return
		}
		_, _ = w.Write(full.Data())
	}))
	tb.Cleanup(server.Close)
	tb.Cleanup(set.Close)
	return start(tb, options(tb, server.URL)), set
}

// TestFaults lets each endpoint misbehave in each way, and compares the errors
// and the devices with those in the file.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, e := range endpoints {
		for _, reading := range when {
			t.Run(e.name+"-"+reading, func(t *testing.T) {
				t.Parallel()
				var found outcomes
				for _, f := range faults {
					c := e.faulty(t, f.fault, reading == "later")
					read, err := collect(t, c)
					found.add(t, f.name, c, read, err)
				}
				golden.Text(t, "testdata/faults/"+e.name+"-"+reading+".txt", found.text())
			})
		}
	}
}

// expiring is a context whose time is over when somebody says so.
type expiring struct {
	context.Context

	over chan struct{}
	once sync.Once
}

func (e *expiring) Deadline() (time.Time, bool) { return time.Now().Add(time.Hour), true }

func (e *expiring) Done() <-chan struct{} { return e.over }

func (e *expiring) Err() error {
	select {
	case <-e.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func (e *expiring) expire() { e.once.Do(func() { close(e.over) }) }

// TestSlow does the same with each endpoint that does not answer in time.
func TestSlow(t *testing.T) {
	t.Parallel()
	var found outcomes
	for _, e := range endpoints {
		for _, reading := range when {
			ctx := &expiring{Context: t.Context(), over: make(chan struct{})}
			c := e.faulty(t, simfault.Fault{Until: make(chan struct{})}, reading == "later")
			c.client.HTTP().Transport = &watch{next: c.client.HTTP().Transport, part: e.url, asked: ctx.expire}
			read, err := c.Collect(ctx)
			found.add(t, e.name+"-"+reading, c, read, err)
		}
	}
	golden.Text(t, "testdata/faults/slow.txt", found.text())
}

// watch sees when an endpoint has been asked.
type watch struct {
	next  http.RoundTripper
	part  string // of the URL
	asked func()
}

// RoundTrip implements [http.RoundTripper].
func (w *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.String(), w.part) {
		r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
			WroteRequest: func(httptrace.WroteRequestInfo) { w.asked() },
		}))
	}
	return w.next.RoundTrip(r)
}

// ports are what differs from run to run.
var ports = regexp.MustCompile(`127\.0\.0\.1:[0-9]+->127\.0\.0\.1:[0-9]+`)

// outcomes is what became of readings: the error of each, and which had the same
// devices.
type outcomes struct {
	errors  strings.Builder
	devices []string            // in the order in which they were first seen
	after   map[string][]string // names of the readings, by their devices
}

// add adds a reading. No error has a secret.
func (o *outcomes) add(t *testing.T, name string, c *Collector, read []power.Device, err error) {
	t.Helper()
	text := "none"
	if err != nil {
		text = ports.ReplaceAllString(strings.ReplaceAll(err.Error(), origin(c), "http://there"), "here->there")
		text = strings.ReplaceAll(text, "\n", "\n\t")
	}
	if strings.Contains(text, key) || strings.Contains(text, password) {
		t.Errorf("%s: there is a secret in %s", name, text)
	}
	if errors.Is(err, collector.ErrRefused) {
		text += "\n\t(the credentials count as refused)"
	}
	fmt.Fprintf(&o.errors, "%s\n\t%s\n", name, text)
	var b strings.Builder
	for i := range read {
		b.WriteString("\t" + describe(&read[i]) + "\n")
	}
	if o.after == nil {
		o.after = map[string][]string{}
	}
	if o.after[b.String()] == nil {
		o.devices = append(o.devices, b.String())
	}
	o.after[b.String()] = append(o.after[b.String()], name)
}

// origin is the address of what a collector reads.
func origin(c *Collector) string {
	switch s := c.source.(type) {
	case *direct:
		return strings.TrimSuffix(s.client.URL(s.request("")), "/api_actions?apiKey=hidden&fn=")
	case *portal:
		return strings.TrimSuffix(s.client.URL(s.logInRequest()), s.logInRequest().Path)
	}
	return ""
}

// describe is a device in short.
func describe(d *power.Device) string {
	text := fmt.Sprintf("%q is down", d.ID)
	if d.Up {
		text = fmt.Sprintf("%q is up", d.ID)
	}
	text += fmt.Sprintf(": name %q at %q, model %q, serial %q, %d uptimes, %d outlets, %d inlets, %d batteries, %d sensors",
		d.Name, d.Location, d.Model, d.Serial, len(d.Uptimes), len(d.Outlets), len(d.Inlets), len(d.Batteries), len(d.Sensors))
	if len(d.Events) > 0 {
		text += ", events " + counts(*d)
	}
	return text
}

// text is all of them.
func (o *outcomes) text() string {
	var b strings.Builder
	b.WriteString("Errors\n\n" + o.errors.String())
	for _, list := range o.devices {
		fmt.Fprintf(&b, "\nDevices after %s\n\n%s", strings.Join(o.after[list], ", "), list)
	}
	return b.String()
}
