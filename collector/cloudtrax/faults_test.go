package cloudtrax

import (
	"net/http"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/internal/rest"
)

// fault is a way to misbehave, and what is said of it.
type fault struct {
	name string
	simfault.Fault
	want string
}

// faults are those that every path can have.
func faults() []fault {
	page := []byte(simfault.HTMLPage)
	return []fault{
		{"401", simfault.Fault{Status: 401}, `401 Unauthorized: look at key and secret of auth "cloud", and at what the key's user may see`},
		{"403", simfault.Fault{Status: 403}, `403 Forbidden: look at key and secret of auth "cloud", and at what the key's user may see`},
		{"404", simfault.Fault{Status: 404}, "404 Not Found: look at the module's url: is it the CloudTrax API's?"},
		{"404 with a page", simfault.Fault{Status: 404, Body: page, ContentType: "text/html"}, "404 Not Found: look at the module's url: is it the CloudTrax API's?"},
		{"429", simfault.Fault{Status: 429}, "429 Too Many Requests: the service asks to wait until T"},
		{"500", simfault.Fault{Status: 500}, "500 Internal Server Error"},
		{"500 with words", simfault.Fault{Status: 500, Body: []byte(`{"errors":[{"code":1016,"context":"db","message":"Internal error."}]}`)}, `500 Internal Server Error: error 1016: "Internal error."`},
		{"503", simfault.Fault{Status: 503}, "503 Service Unavailable"},
		{"redirect", simfault.Fault{Location: "/powerstrip/1/reboot"}, "302 Found within , which is not followed: does it want a log-in, or is it not the device?"},
		{"reset", simfault.Fault{Reset: true}, "reset"},
		{"slow", simfault.Fault{Until: make(chan struct{})}, "no whole answer within the time of the probe: context deadline exceeded"},
		{"huge", simfault.Fault{Size: 17 << 20}, "the answer is larger than 16 MiB"},
		{"empty", simfault.Fault{Body: []byte{}}, "the answer is empty: JSON was expected"},
		{"page", simfault.Fault{Body: page, ContentType: "text/html"}, "the answer is a web page and not JSON: does the address lead to the device itself?"},
		{"no JSON", simfault.Fault{Body: []byte("Service temporarily down")}, "the answer is no JSON: it breaks off at byte 1 of 24"},
		{"cut JSON", simfault.Fault{Body: []byte(`{"powerstrips":[{"powers`)}, "the answer ends in the middle of its JSON, after 24 bytes"},
		{"text", simfault.Fault{Body: []byte(`"ok"`)}, "the answer is JSON of another kind: string where an object was expected"},
		{"list", simfault.Fault{Body: []byte(`[1]`)}, "the answer is JSON of another kind: array where an object was expected"},
	}
}

// run reads with the fault at a path and compares.
func (f fault) run(t *testing.T, o cloudtraxsim.Options, path, devices, failure string) {
	t.Helper()
	cloud, address := cloudtraxsim.Start(t, o, cloudtraxsim.Manual())
	cloud.SetFault(path, f.Fault)
	ctx := t.Context()
	if f.Until != nil {
		ctx = overOnceAsked(t, cloud, path)
	}
	c := open(t, options(t, address, manual))
	got, err := c.Collect(ctx)
	if s := summary(got); s != devices {
		t.Errorf("devices %s, want %s", s, devices)
	}
	if m := message(err); m != failure {
		t.Errorf("error\n%s\nwant\n%s", m, failure)
	}
	if acted := cloud.Acted(); len(acted) != 0 {
		t.Errorf("acted: %v", acted)
	}
	// It was one bad moment.
	cloud.SetFault(path, simfault.Fault{})
	if f.Status != http.StatusTooManyRequests {
		expect(t, c, "afterwards", whole, "")
	}
}

func TestFaultsOfTheList(t *testing.T) {
	t.Parallel()
	for _, f := range append(faults(),
		fault{"half", simfault.Fault{Half: true}, "the answer broke off after 421 bytes: unexpected EOF"},
		fault{"types", simfault.Fault{WrongTypes: true}, "2 of the 2 powerstrips are without mac and powerstrip_id"},
		fault{"no list", simfault.Fault{Body: []byte(`{}`)}, "the answer has no member powerstrips"},
		fault{"another list", simfault.Fault{Body: []byte(`{"powerstrips":"none"}`)}, "the answer's member powerstrips is no list"},
		fault{"other members", simfault.Fault{Body: []byte(`{"powerstrips":[1,"a",[]]}`)}, "3 of the 3 powerstrips are without mac and powerstrip_id"},
	) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			want := "reading the list of network 12345: GET " + manualList + ": " + f.want
			if f.Status == http.StatusTooManyRequests {
				want += ", and there is no reading of the last 15m0s to serve meanwhile"
			}
			f.run(t, cloudtraxsim.Options{}, manualList, "", want)
		})
	}
}

func TestFaultsOfAStrip(t *testing.T) {
	t.Parallel()
	for _, f := range append(faults(),
		fault{"half", simfault.Fault{Half: true}, "the answer broke off after 1234 bytes: unexpected EOF"},
		fault{"types", simfault.Fault{WrongTypes: true}, "6 of the 6 ports are without port_id"},
		fault{"no ports", simfault.Fault{Body: []byte(`{}`)}, "the answer has no member ports"},
		fault{"other ports", simfault.Fault{Body: []byte(`{"ports":6}`)}, "the answer's member ports is no list"},
		fault{"another strip", simfault.Fault{Body: []byte(`{"powerstrip_id":2,"ports":[]}`)}, "the answer is about another strip"},
	) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			want := `reading strip ac:86:74:00:00:00 ("Pat's Desk MP60"): GET /powerstrip/1: ` + f.want
			if f.Status == http.StatusTooManyRequests {
				want = `the service asks to wait until T, and there is no reading of the last 15m0s of strip ac:86:74:00:00:00 ("Pat's Desk MP60")`
			}
			f.run(t, cloudtraxsim.Options{}, "/powerstrip/1", listOnly, want)
		})
	}
}

func TestFaultsOfTheTime(t *testing.T) {
	t.Parallel()
	for _, f := range append(faults(),
		fault{"half", simfault.Fault{Half: true}, "the answer broke off after 16 bytes: unexpected EOF"},
		fault{"types", simfault.Fault{WrongTypes: true}, "the answer has no member time like 2015-08-24T13:52:00Z"},
		fault{"no time", simfault.Fault{Body: []byte(`{}`)}, "the answer has no member time like 2015-08-24T13:52:00Z"},
		fault{"odd time", simfault.Fault{Body: []byte(`{"time":"13:52"}`)}, "the answer has no member time like 2015-08-24T13:52:00Z"},
	) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			want := "reading the list of network 12345: GET " + manualList +
				": 401 Unauthorized: error 13002: the request's time is more than 15 minutes from the service's: asking the service for its time: GET /time: " + f.want
			if f.Status == http.StatusTooManyRequests {
				want += ", and there is no reading of the last 15m0s to serve meanwhile"
			}
			f.run(t, cloudtraxsim.Options{ClockOffset: time.Hour}, "/time", "", want)
		})
	}
}

// TestNobodyThere shows that the strips of a service that is out of reach are
// down, if they are known.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	c := open(t, options(t, address, manual))
	expect(t, c, "before", whole, "")
	if err := cloud.Close(); err != nil {
		t.Error(err)
	}
	for what, test := range map[string]struct {
		collector *Collector
		devices   string
	}{
		"known":   {c, "ac:86:74:00:00:00 down, ac:86:74:00:00:01 down"},
		"unknown": {open(t, options(t, address, manual)), ""},
	} {
		devices, err := collect(t, test.collector)
		if s := summary(devices); s != test.devices || !rest.Unreachable(err) {
			t.Errorf("%s: devices %s, error %v", what, s, err)
		}
	}
}

// TestDownUntilReadAgain shows what is said of strips that were there before, as
// one thing after the other is wrong with the list.
func TestDownUntilReadAgain(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	c := open(t, options(t, address, manual))
	const down, reading = "ac:86:74:00:00:00 down, ac:86:74:00:00:01 down", "reading the list of network 12345: GET " + manualList + ": "
	for _, step := range []struct {
		what             string
		fault            simfault.Fault
		devices, failure string
	}{
		{"well", simfault.Fault{}, whole, ""},
		{
			"a part of it",
			simfault.Fault{Body: []byte(`{"powerstrips":[[],{"powerstrip_id":2,"mac":"ac:86:74:00:00:01","cloud_status":"down"}]}`)},
			"ac:86:74:00:00:01 down, ac:86:74:00:00:00 down", reading + "1 of the 2 powerstrips are without mac and powerstrip_id",
		},
		{"nothing of it", simfault.Fault{Status: 500}, "ac:86:74:00:00:01 down, ac:86:74:00:00:00 down", reading + "500 Internal Server Error"},
		{"well again", simfault.Fault{}, whole, ""},
		{"again nothing", simfault.Fault{Status: 500}, down, reading + "500 Internal Server Error"},
		{"asks to wait", simfault.Fault{Status: 429}, "", reading + "429 Too Many Requests: the service asks to wait until T, and there is no reading of the last 15m0s to serve meanwhile"},
	} {
		cloud.SetFault(manualList, step.fault)
		expect(t, c, step.what, step.devices, step.failure)
	}
}

// TestStripsThatAreNotAskedAnyMore shows what becomes of a reading whose time is
// over.
func TestStripsThatAreNotAskedAnyMore(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Large(20))
	o := options(t, address, large)
	o.MaxConcurrency = 1
	cloud.SetFault("/powerstrip/100003", simfault.Fault{Until: make(chan struct{})})
	devices, err := open(t, o).Collect(overOnceAsked(t, cloud, "/powerstrip/100003"))
	if len(devices) != 20 || len(devices[1].Outlets) != 6 || len(devices[2].Outlets) != 0 || !devices[2].Up {
		t.Errorf("%s", summary(devices))
	}
	want := `reading strip ac:86:74:01:86:a3 ("Strip 0003"): GET /powerstrip/100003: no whole answer within the time of the probe: context deadline exceeded
not asked any more: strip ac:86:74:01:86:a4 ("Strip 0004"), strip ac:86:74:01:86:a5 ("Strip 0005"), strip ac:86:74:01:86:a6 ("Strip 0006"), ` +
		`strip ac:86:74:01:86:a7 ("Strip 0007"), strip ac:86:74:01:86:a8 ("Strip 0008"), strip ac:86:74:01:86:a9 ("Strip 0009"), strip ac:86:74:01:86:ab ("Strip 0011"), ` +
		`strip ac:86:74:01:86:ac ("Strip 0012"), strip ac:86:74:01:86:ad ("Strip 0013"), strip ac:86:74:01:86:ae ("Strip 0014") and 5 more`
	if m := message(err); m != want {
		t.Errorf("error\n%s\nwant\n%s", m, want)
	}
}
