package probe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/collector"
	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/power"
)

// changing is a prober whose configuration and devices a test changes.
type changing struct {
	*Prober
	mu      sync.Mutex
	config  *config.Config
	collect behaviour
}

func newChanging(tb testing.TB, text string) *changing {
	tb.Helper()
	c := &changing{}
	c.configure(tb, text)
	kinds := map[string]Kind{"nut": {
		Parameters: []string{"ups"},
		New: func(config.Resolved, url.Values) (func(*collector.Gate) collector.Collector, error) {
			return func(*collector.Gate) collector.Collector {
				return behaviour(func(ctx context.Context) ([]power.Device, error) {
					c.mu.Lock()
					collect := c.collect
					c.mu.Unlock()
					return collect(ctx)
				})
			}, nil
		},
	}}
	c.Prober = New(kinds, func() *config.Config {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.config
	}, pushed, exposition.NewSelf(), slog.New(slog.DiscardHandler))
	return c
}

// configure makes a configuration the current one.
func (c *changing) configure(tb testing.TB, text string) {
	tb.Helper()
	parsed, err := config.Parse("test.yml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.config = parsed
}

// answers makes targets answer with devices and an error from now on.
func (c *changing) answers(err error, devices ...power.Device) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.collect = func(context.Context) ([]power.Device, error) { return devices, err }
}

// probe makes a probe.
func (c *changing) probe(tb testing.TB, text string) {
	tb.Helper()
	query, err := url.ParseQuery(text)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := c.Probe(tb.Context(), query, 0, slog.New(slog.DiscardHandler)); err != nil {
		tb.Fatal(err)
	}
}

// equal fails the test if got is not want.
func equal(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(power.Value{})); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const twoTargets = `
targets:
  - {name: rack-a, address: ups.example.net, module: nut}
  - {name: rack-b, address: "ups2.example.net:4000", module: nut}
`

func TestTargetHasItsLastResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanging(t, twoTargets)
		results := c.Results()
		if r, ok := results.Target("rack-a"); ok || results.Devices("rack-a") != nil {
			t.Errorf("it has %+v, and was not probed", r)
		}
		c.collect = func(context.Context) ([]power.Device, error) {
			<-time.After(30 * time.Millisecond)
			return []power.Device{
				{ID: "a", Up: true, Streamed: power.Boolean(true), Batteries: []power.Battery{{Charge: power.Percent(power.Of(80))}, {Charge: power.Percent(power.Of(75))}}},
				{ID: "b"},
			}, nil
		}
		c.probe(t, "target=rack-a")
		want := Result{
			Subject: Subject{Name: "rack-a", Address: "ups.example.net:3493", Module: "nut"},
			At:      time.Now(), Took: 30 * time.Millisecond,
			Summary: Summary{
				Devices: 2, Up: 1, Streamed: true, Charge: power.Percent(power.Of(75)),
				Troubled: 1, Troubles: []Trouble{{Device: "b", Reason: "down"}},
			},
		}
		got, _ := results.Target("rack-a")
		equal(t, "result", got, want)
		equal(t, "devices", results.Devices("rack-a"), []string{"a", "b"})

		<-time.After(time.Minute)
		c.answers(errors.New("no route to host"))
		c.probe(t, "target=rack-a")
		want.At, want.Took, want.Err, want.Summary = time.Now(), 0, "no route to host", Summary{}
		got, _ = results.Target("rack-a")
		equal(t, "result of a failure", got, want)
		equal(t, "devices after a failure", results.Devices("rack-a"), []string{"a", "b"})
		if r, ok := results.Target("rack-b"); ok {
			t.Errorf("rack-b has %+v, and was not probed", r)
		}
		if all := results.AdHoc(); len(all) != 0 {
			t.Errorf("ad hoc results %+v, and there was no such probe", all)
		}
	})
}

// TestDevicesAreKept shows what a reading does to the devices that a target is
// known to have.
func TestDevicesAreKept(t *testing.T) {
	some := func(ids ...string) []power.Device {
		var devices []power.Device
		for _, id := range ids {
			devices = append(devices, device(id, 230))
		}
		return devices
	}
	broken := errors.New("broken")
	c := newChanging(t, twoTargets)
	for i, step := range []struct {
		query   string
		err     error
		devices []power.Device
		want    []string
	}{
		{"target=rack-a", broken, nil, nil},
		{"target=rack-a", broken, some("a"), []string{"a"}},
		{"target=rack-a", nil, some("a", "b"), []string{"a", "b"}},
		{"target=rack-a", broken, some("b", "c"), []string{"a", "b", "c"}}, // what failed may be a
		{"target=rack-a&device=c", nil, some("b", "c"), []string{"b", "c"}},
		{"target=rack-a&device=gone", nil, some("b"), []string{"b"}},
		{"target=rack-a&ups=x", nil, some("x"), []string{"b"}}, // only x was asked for
		{"target=ups.example.net&module=nut", nil, some("y"), []string{"b"}},
		{"target=rack-a", nil, nil, []string{}},
		{"target=rack-a", nil, some("", "d"), []string{"d"}}, // nobody can ask for one without an id
	} {
		c.answers(step.err, step.devices...)
		c.probe(t, step.query)
		equal(t, fmt.Sprintf("devices after step %d, %s", i, step.query), c.Results().Devices("rack-a"), step.want)
	}
}

// TestAdHocResults shows which probes are listed apart, and for how long.
func TestAdHocResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanging(t, "auths: {rack: {username: u, password: p, targets: [10.0.0.0/8]}}\n"+twoTargets)
		c.answers(nil, device("a", 230))
		subjects := func() (found []string) {
			for _, r := range c.Results().AdHoc() {
				found = append(found, r.Query())
			}
			return found
		}
		for _, query := range []string{
			"target=ups3&module=nut", "target=10.1.2.3&module=nut&auth=rack", "target=rack-a&ups=x", "target=rack-a",
			"target=ups3:3493&module=nut&ups=", "target=ups3&module=nut&ups=a%20b&device=a",
		} {
			<-time.After(time.Hour)
			c.probe(t, query)
		}
		all := []string{
			"module=nut&target=ups3%3A3493&ups=a+b", "module=nut&target=ups3%3A3493", "target=rack-a&ups=x", "auth=rack&module=nut&target=10.1.2.3%3A3493",
		}
		equal(t, "subjects", subjects(), all)
		<-time.After(20*time.Hour + time.Second)
		equal(t, "subjects of the last day", subjects(), all[:3])
	})
}

// TestResultsAreBounded shows that whoever makes up targets gets no more memory
// than there is for them, and does not drive out those of the configuration.
func TestResultsAreBounded(t *testing.T) {
	c := newChanging(t, twoTargets)
	c.answers(errors.New("first of " + strings.Repeat("ä", maxError)))
	c.probe(t, "target=rack-a")
	c.answers(nil)
	for i := range maxAdHoc + 5 {
		c.results.record(Subject{Address: strconv.Itoa(i)}, "", &Report{}, 0)
	}
	for i := range maxFailures - 1 {
		c.results.record(Subject{Address: fmt.Sprint("f", i)}, "", &Report{Err: errDown}, 0)
	}
	adHoc, failures := c.Results().AdHoc(), c.Results().Failures()
	if len(adHoc) != maxAdHoc || adHoc[maxAdHoc-1].Address != strconv.Itoa(maxFailures+4) || len(c.results.adHoc.elements) != maxAdHoc {
		t.Errorf("%d ad hoc results, the oldest of %s", len(adHoc), adHoc[len(adHoc)-1].Address)
	}
	if oldest := failures[len(failures)-1]; len(failures) != maxFailures || oldest.Name != "rack-a" {
		t.Errorf("%d failures, the oldest of %+v", len(failures), oldest.Subject)
	}
	r, _ := c.Results().Target("rack-a")
	if !strings.HasSuffix(r.Err, "ää…") || len(r.Err) > maxError+len("…") {
		t.Errorf("error of %d bytes ends with %q", len(r.Err), r.Err[len(r.Err)-6:])
	}
	c.results.record(Subject{Address: "one more"}, "", &Report{Err: errDown}, 0)
	if failures := c.Results().Failures(); len(failures) != maxFailures || failures[0].Address != "one more" || failures[maxFailures-1].Address != "f0" {
		t.Errorf("%d failures, from %+v to %+v", len(failures), failures[0].Subject, failures[maxFailures-1].Subject)
	}
}

var errDown = errors.New("down")

func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanging(t, twoTargets)
		start := time.Now()
		rack := Subject{Name: "rack-a", Address: "ups.example.net:3493", Module: "nut"}
		check := func(what string, want ...Failure) {
			t.Helper()
			equal(t, what, c.Results().Failures(), append([]Failure{}, want...))
		}
		check("failures at first")
		c.answers(errDown)
		c.probe(t, "target=rack-a")
		<-time.After(time.Minute)
		c.answers(errors.New("really down"))
		c.probe(t, "target=rack-a&device=a") // the whole target fails, and not its device
		second := Failure{Subject: rack, Err: "really down", First: start, Last: start.Add(time.Minute), Count: 2}
		check("failures in a row", second)

		<-time.After(time.Minute)
		c.answers(nil, device("a", 230))
		c.probe(t, "target=rack-a")
		second.Over = true
		check("a success", second)
		c.probe(t, "target=rack-a&device=b")
		device := Failure{
			Subject: rack.ofDevice("b"), First: start.Add(2 * time.Minute), Last: start.Add(2 * time.Minute), Count: 1,
			Err: `there is no device "b": known are "a"`,
		}
		check("no such device", device, second)
		c.probe(t, "target=rack-a&ups=u&device=b")
		other := device
		other.Parameters = "ups=u&device=b"
		check("no such device of a part", other, device, second)
		c.answers(nil, power.Device{ID: "b", Up: true})
		c.probe(t, "target=rack-a&device=b")
		device.Over, device.Worked = true, true
		check("it has come back", other, device, second)

		<-time.After(time.Minute)
		c.answers(errDown)
		c.probe(t, "target=rack-a")
		now := start.Add(3 * time.Minute)
		again := Failure{Subject: rack, Err: "down", First: now, Last: now, Count: 1}
		check("failures after a success are others", again, other, device)
		c.probe(t, "module=push&target=ups-03")
		push := Failure{
			Subject: Subject{Address: "ups-03", Module: "push"}, First: now, Last: now, Count: 1,
			Err: `no device "ups-03" has pushed: ids are the label device of the pushed devices on /metrics`,
		}
		check("not pushed", push, again, other, device)
		if all := c.Results().AdHoc(); len(all) != 1 || all[0].Parameters != "ups=u" {
			t.Errorf("ad hoc results %+v", all)
		}
	})
}

// TestMistakesAreForgotten shows for how long what was never probed successfully
// is listed, and that it is listed once.
func TestMistakesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanging(t, twoTargets)
		check := func(what string, adHoc, failures []string) {
			t.Helper()
			var foundAdHoc, foundFailures []string
			for _, r := range c.Results().AdHoc() {
				foundAdHoc = append(foundAdHoc, r.Query())
			}
			for _, f := range c.Results().Failures() {
				foundFailures = append(foundFailures, f.Query())
			}
			equal(t, what+": ad hoc", foundAdHoc, adHoc)
			equal(t, what+": failures", foundFailures, failures)
		}
		const typo, reached, pushing, narrowed = "module=nut&target=typo%3A3493", "module=nut&target=real%3A3493", "module=push&target=nosuch", "target=rack-a&device=nosuch"
		c.answers(nil, device("a", 230))
		c.probe(t, reached)
		c.probe(t, narrowed)
		c.answers(errDown)
		c.probe(t, typo)
		c.probe(t, reached)
		c.probe(t, "target=rack-b")
		c.probe(t, pushing)
		check("at once", []string{reached, typo}, []string{pushing, "target=rack-b", reached, narrowed})
		<-time.After(mistakeTime + time.Second)
		check("later", []string{reached}, []string{"target=rack-b", reached})
		c.answers(nil, device("a", 230))
		c.probe(t, typo)
		check("no mistake after all", []string{typo, reached}, []string{"target=rack-b", reached, typo})
		<-time.After(recentTime - mistakeTime)
		check("after a day", []string{typo}, []string{"target=rack-b"})
	})
}

// TestASharedFailureCountsOnce shows that two probes that share a reading are
// one failure.
func TestASharedFailureCountsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanging(t, twoTargets)
		c.collect = func(context.Context) ([]power.Device, error) {
			<-time.After(time.Second)
			return nil, errDown
		}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { c.probe(t, "target=rack-a") })
		}
		both.Wait()
		if failures := c.Results().Failures(); len(failures) != 1 || failures[0].Count != 1 {
			t.Errorf("failures %+v, want one", failures)
		}
	})
}

// TestACachedResult shows that a result says how old its reading is.
func TestACachedResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanging(t, "modules: {nut: {cache_ttl: 1h}}\n"+twoTargets)
		c.answers(nil, device("a", 230))
		c.probe(t, "target=rack-a")
		<-time.After(40 * time.Second)
		c.probe(t, "target=rack-a")
		if r, _ := c.Results().Target("rack-a"); !r.Cached || r.Age != 40*time.Second || !r.At.Equal(time.Now()) || r.Devices != 1 {
			t.Errorf("result %+v", r)
		}
	})
}

// TestReloadForgetsWhatHasChanged shows that no target has the result of
// another, whose name it took over.
func TestReloadForgetsWhatHasChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const all = `
modules: {other: {collector: nut}}
auths: {x: {username: u, password: p}}
targets:
  - {name: same, address: a, module: nut, labels: {site: hq}}
  - {name: moved, address: b, module: nut}
  - {name: changed, address: c, module: nut}
  - {name: open, address: d, module: nut}
  - {name: removed, address: e, module: nut}
`
		c := newChanging(t, all)
		c.answers(nil, device("a", 230))
		names := []string{"same", "moved", "changed", "open", "removed"}
		for _, name := range names {
			c.probe(t, "target="+name)
			c.probe(t, "target="+name+"&ups=u")
		}
		c.probe(t, "target=x&module=nut")

		// One that is under way has begun with the old configuration.
		c.collect = func(context.Context) ([]power.Device, error) {
			<-time.After(time.Second)
			return []power.Device{device("old", 230)}, nil
		}
		var last sync.WaitGroup
		last.Go(func() { c.probe(t, "target=moved") })
		synctest.Wait()
		c.configure(t, strings.NewReplacer("address: b", "address: bb", "address: c, module: nut", "address: c, module: other",
			"address: d, module: nut", "address: d, module: nut, auth: x", "name: removed", "name: renamed", "site: hq", "site: home").Replace(all))
		c.Reset()
		last.Wait()
		for _, name := range append(names, "renamed") {
			_, probed := c.Results().Target(name)
			if known := c.Results().Devices(name) != nil; probed != (name == "same") || known != probed {
				t.Errorf("%s: probed %v, devices known %v", name, probed, known)
			}
		}
		var left []string
		for _, r := range c.Results().AdHoc() {
			left = append(left, r.Query())
		}
		equal(t, "ad hoc results that are left", left, []string{"module=nut&target=x%3A3493", "target=same&ups=u"})
	})
}

func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New(""), "failed without saying why"},
		{errors.Join(errors.New("a"), errors.New("b")), "a\nb"},
		{errors.New(strings.Repeat("a", maxError)), strings.Repeat("a", maxError)},
		{errors.New(strings.Repeat("a", maxError-1) + "ä"), strings.Repeat("a", maxError-1) + "…"},
	} {
		if got := text(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

// TestResultsAreConcurrent is for the race detector.
func TestResultsAreConcurrent(t *testing.T) {
	c := newChanging(t, twoTargets)
	c.answers(errDown, device("a", 230))
	var all sync.WaitGroup
	for _, do := range []func(i int){
		func(int) { c.probe(t, "target=rack-a") },
		func(i int) { c.probe(t, fmt.Sprintf("target=ups%d&module=nut", i)) },
		func(int) { c.Results().Target("rack-a") },
		func(int) { c.Results().Devices("rack-a") },
		func(int) { c.Results().AdHoc() },
		func(int) { c.Results().Failures() },
		func(int) { c.Reset() },
	} {
		all.Go(func() {
			for i := range 50 {
				do(i)
			}
		})
	}
	all.Wait()
}
