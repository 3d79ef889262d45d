package ems

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/golden"
	"power_exporter/internal/rest"
	"power_exporter/power"
)

// patience is how long a reading may take that never gets an answer.
const patience = 2 * time.Second

// faults is what a web server can do wrong, by a name for it.
var faults = []struct {
	name  string
	fault simfault.Fault
}{
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
	{"a list", simfault.Fault{Body: []byte(`[1,2,3]`)}},
	{"empty", simfault.Fault{Body: []byte{}}},
	{"empty list", simfault.Fault{Body: []byte(`{"devices":{},"loads":{},"signals":null,"realtime":[]}`)}},
	{"reset", simfault.Fault{Reset: true}},
	{"redirect", simfault.Fault{Location: "http://elsewhere.example/?token=x"}},
}

// endpoints is all that is ever asked for.
var endpoints = []endpoint{login, version, serial, mac, devices, loads, signals, realtime}

// when is when something goes wrong: in the first reading of an EMS, or in a
// later one for which everything is due again.
var when = []string{"first", "later"}

// TestFaults lets each path misbehave in each way, and compares the error and the
// devices with those in the file.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, e := range endpoints {
		for _, reading := range when {
			t.Run(string(e)+"-"+reading, func(t *testing.T) {
				t.Parallel()
				var found outcomes
				for _, f := range faults {
					c := faulty(t, e, f.fault, reading == "later")
					read, err := collect(t, c)
					found.add(f.name, c, read, err)
				}
				golden.Text(t, "testdata/faults/"+string(e)+"-"+reading+".txt", found.text())
			})
		}
	}
}

// TestSlow does the same with each path that does not answer in time.
func TestSlow(t *testing.T) {
	t.Parallel()
	var readings sync.WaitGroup
	results := make([]func(*outcomes), len(endpoints)*len(when))
	for i := range results {
		e, reading := endpoints[i/len(when)], when[i%len(when)]
		c := faulty(t, e, simfault.Fault{Delay: time.Hour}, reading == "later")
		readings.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			read, err := c.Collect(ctx)
			results[i] = func(found *outcomes) { found.add(string(e)+"-"+reading, c, read, err) }
		})
	}
	readings.Wait()
	var found outcomes
	for _, add := range results {
		add(&found)
	}
	golden.Text(t, "testdata/faults/slow.txt", found.text())
}

// faulty is a collector of an EMS of which one path misbehaves, in the first
// reading or in a later one.
func faulty(t *testing.T, e endpoint, fault simfault.Fault, later bool) *Collector {
	t.Helper()
	model := emssim.MustRecorded("site")
	if e == mac {
		model.SerialNumber = ""
	}
	c, ems := start(t, emssim.Options{}, model, func(o *Options) { o.MetadataTTL = 0 })
	if later {
		mustCollect(t, c)
		if e == login {
			ems.ExpireTokens()
		}
	}
	ems.SetFault(e.path(), fault)
	return c
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

// add adds a reading.
func (o *outcomes) add(name string, c *Collector, read []power.Device, err error) {
	text := "none"
	if err != nil {
		base := strings.TrimSuffix(c.client.rest.URL(rest.Request{}), "/")
		text = ports.ReplaceAllString(strings.ReplaceAll(err.Error(), base, "http://ems"), "here->there")
		text = strings.ReplaceAll(text, "\n", "\n\t")
	}
	if errors.Is(err, collector.ErrRefused) {
		text += "\n\t(the credentials count as refused)"
	}
	fmt.Fprintf(&o.errors, "%s\n\t%s\n", name, text)
	var b strings.Builder
	for _, d := range read {
		up := "down"
		if d.Up {
			up = "up"
		}
		fmt.Fprintf(&b, "\t%s %q is %s", d.ID, d.Name, up)
		for _, circuit := range d.Circuits {
			fmt.Fprintf(&b, ", %s %q", circuit.ID, circuit.Name)
		}
		b.WriteByte('\n')
	}
	if o.after == nil {
		o.after = map[string][]string{}
	}
	if o.after[b.String()] == nil {
		o.devices = append(o.devices, b.String())
	}
	o.after[b.String()] = append(o.after[b.String()], name)
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
