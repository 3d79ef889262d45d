package cloudtrax

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/collector"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/rest"
)

// asked is how many requests a cloud got.
func asked(cloud *cloudtraxsim.Cloud) int {
	n := 0
	for _, times := range cloud.Stats().Requests {
		n += times
	}
	return n
}

// TestWaiting follows a service that lets three requests through in ten minutes:
// what is read, what is kept, how old it is said to be, and that nothing is asked
// before the time that the service told, in seconds or as a date by a clock of its
// own.
func TestWaiting(t *testing.T) {
	t.Parallel()
	for _, date := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			cloud := cloudtraxsim.New(cloudtraxsim.Options{
				ClockOffset: 10 * time.Minute,
				RateLimit:   cloudtraxsim.RateLimit{Requests: 3, Window: 10 * time.Minute, Date: date},
			}, cloudtraxsim.Manual())
			c := inBubble(t, cloud, manual)
			for _, step := range []struct {
				at      time.Duration
				asked   int // so far
				devices string
			}{
				{0, 2, whole},
				{time.Minute, 4, "ac:86:74:00:00:00 up 115 V 6 outlets 60 s old, ac:86:74:00:00:01 down"}, // the list was answered, the strip refused
				{61 * time.Second, 4, "ac:86:74:00:00:00 up 115 V 6 outlets 61 s old, ac:86:74:00:00:01 down 1 s old"},
				{599 * time.Second, 4, "ac:86:74:00:00:00 up 115 V 6 outlets 599 s old, ac:86:74:00:00:01 down 539 s old"},
				{600 * time.Second, 6, whole},
				{660 * time.Second, 8, "ac:86:74:00:00:00 up 115 V 6 outlets 60 s old, ac:86:74:00:00:01 down"},
				{1200 * time.Second, 10, whole},
			} {
				<-time.After(time.Until(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(step.at)))
				expect(t, c, fmt.Sprintf("date %t, %s", date, step.at), step.devices, "")
				if n := asked(cloud); n != step.asked {
					t.Errorf("date %t, %s: %d requests so far, want %d", date, step.at, n, step.asked)
				}
			}
		})
	}
}

// refusing is a cloud that begins to refuse everything.
type refusing struct {
	*cloudtraxsim.Cloud

	status     int // 0 while it answers
	retryAfter string
	refused    int
}

func (r *refusing) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if r.status == 0 {
		r.Cloud.ServeHTTP(w, q)
		return
	}
	r.refused++
	if r.retryAfter != "" {
		w.Header().Set("Retry-After", r.retryAfter)
	}
	w.WriteHeader(r.status)
}

// TestHowLong shows for how long nothing is asked, and until when old readings
// are served.
func TestHowLong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		status     int
		retryAfter string
		wait       time.Duration
	}{
		{"told", 429, "90", 90 * time.Second},
		{"told a date", 429, "Sat, 01 Jan 2000 00:05:00 GMT", 4 * time.Minute},
		{"not told", 429, "", time.Minute},
		{"told nonsense", 429, "soon", time.Minute},
		{"told 0", 429, "0", time.Minute},
		{"told by a service in maintenance", 503, "120", 2 * time.Minute},
		{"told longer than a reading is served", 429, "1800", 30 * time.Minute},
		{"told longer than is believed", 429, "864000", time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			service := &refusing{Cloud: cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Manual())}
			c := inBubble(t, service, manual)
			expect(t, c, tt.name, whole, "")
			<-time.After(time.Minute)
			service.status, service.retryAfter = tt.status, tt.retryAfter
			until := time.Now().Add(tt.wait)
			for time.Now().Before(until) {
				devices, err := collect(t, c)
				age := time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
				if age <= keepFor {
					want := fmt.Sprintf("ac:86:74:00:00:00 up 115 V 6 outlets %v s old, ac:86:74:00:00:01 down %v s old", age.Seconds(), age.Seconds())
					if s := summary(devices); s != want || err != nil {
						t.Errorf("%s: %s, %v", tt.name, s, err)
					}
				} else {
					want := "reading the list of network 12345: the service asks to wait until " + until.UTC().Format(time.RFC3339) +
						", and there is no reading of the last 15m0s to serve meanwhile"
					if len(devices) > 0 || err == nil || err.Error() != want {
						t.Errorf("%s: %s, %v; want %s", tt.name, summary(devices), err, want)
					}
				}
				<-time.After(15 * time.Second)
			}
			if service.refused != 1 {
				t.Errorf("%s: asked %d times", tt.name, service.refused)
			}
			service.status = 0
			expect(t, c, tt.name+", afterwards", whole, "")
		})
	}
}

// TestTheLongestWaitCounts shows what becomes of requests that were under way
// together and were told different times.
func TestTheLongestWaitCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := wait{collector.NewGate(1)}
		for _, told := range []time.Duration{30 * time.Second, 90 * time.Second, time.Minute} {
			if err := w.heed(&rest.StatusError{Code: http.StatusTooManyRequests, RetryAfter: told}); !isWaiting(err) {
				t.Errorf("told to wait %s: %v", told, err)
			}
		}
		<-time.After(90*time.Second - 1)
		if err := w.over(); err == nil || err.Error() != "the service asks to wait until 2000-01-01T00:01:30Z" {
			t.Errorf("shortly before: %v", err)
		}
		<-time.After(1)
		if err := w.over(); err != nil {
			t.Errorf("at the time: %v", err)
		}
	})
}

// TestNothingToServe shows the error of a service that asks to wait from the
// first request on, and of one that does after the list.
func TestNothingToServe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &refusing{Cloud: cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Manual()), status: 429, retryAfter: "42"}
		c := inBubble(t, service, manual)
		const suffix = "the service asks to wait until 2000-01-01T00:00:42Z, and there is no reading of the last 15m0s to serve meanwhile"
		for i, want := range []string{
			"reading the list of network 12345: GET http://cloud.example.net" + manualList + ": 429 Too Many Requests: " + suffix,
			"reading the list of network 12345: " + suffix,
		} {
			devices, err := collect(t, c)
			if len(devices) > 0 || err == nil || err.Error() != want {
				t.Errorf("%d: %s, %v; want %s", i, summary(devices), err, want)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{RateLimit: cloudtraxsim.RateLimit{Requests: 2}}, cloudtraxsim.Office())
		c := inBubble(t, cloud, office)
		c.options.MaxConcurrency = 1
		devices, err := collect(t, c)
		want := `the service asks to wait until 2000-01-01T00:01:00Z, and there is no reading of the last 15m0s of strip ac:86:74:00:00:66 ("Server closet")`
		if s := summary(devices); s != "ac:86:74:00:00:65 up 118 V 6 outlets, ac:86:74:00:00:66 up 121 V 0 outlets, ac:86:74:00:00:67 down, ac:86:74:00:00:68 down" {
			t.Error(s)
		}
		if err == nil || err.Error() != want {
			t.Errorf("%v; want %s", err, want)
		}
	})
}

// TestStripTooOldToServe follows a service that answers lists and no longer strips.
func TestStripTooOldToServe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Manual())
		refused := &refusing{Cloud: cloud, status: 429, retryAfter: "240"}
		c := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == manualList || time.Now().Minute() == 0 {
				cloud.ServeHTTP(w, r)
				return
			}
			refused.ServeHTTP(w, r)
		}), manual)
		expect(t, c, "at first", whole, "")
		for range 3 {
			<-time.After(5 * time.Minute)
			age := time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Seconds()
			expect(t, c, "kept", fmt.Sprintf("ac:86:74:00:00:00 up 115 V 6 outlets %v s old, ac:86:74:00:00:01 down", age), "")
		}
		<-time.After(5 * time.Minute)
		expect(t, c, "too old", listOnly, `the service asks to wait until T, and there is no reading of the last 15m0s of strip ac:86:74:00:00:00 ("Pat's Desk MP60")`)
		if refused.refused != 4 {
			t.Errorf("%d strips were asked for", refused.refused)
		}
	})
}

// TestWaitingAtTheGate shows that a request which waited for its turn is not sent
// when the one before it was told to wait.
func TestWaitingAtTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{Latency: time.Second, RateLimit: cloudtraxsim.RateLimit{Requests: 1}}, cloudtraxsim.Large(20))
		c := New(options(t, "http://cloud.example.net", large), collector.NewGate(1))
		c.client.rest.HTTP().Transport = transport{inProcess{cloud}, c.client.wait}
		devices, err := collect(t, c)
		if n := asked(cloud); n != 2 || len(devices) != 20 || !isWaiting(err) {
			t.Errorf("%d requests, %d devices, %v", n, len(devices), err)
		}
	})
}

// TestOneAccount reads two networks of one key, through the gate that they share:
// when the service has told one of them to wait, the other asks nothing either and
// is served as it was.
func TestOneAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &refusing{Cloud: cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Manual(), cloudtraxsim.Office())}
		gate := collector.NewGate(4)
		network := func(id string) *Collector {
			c := New(options(t, "http://cloud.example.net", id), gate)
			c.client.rest.HTTP().Transport = transport{inProcess{service}, c.client.wait}
			return c
		}
		first, second := network(manual), network(office)
		expect(t, first, "first", whole, "")
		const offices = "ac:86:74:00:00:65 up 118 V 6 outlets, ac:86:74:00:00:66 up 121 V 6 outlets, ac:86:74:00:00:67 down, ac:86:74:00:00:68 down"
		expect(t, second, "second", offices, "")
		<-time.After(time.Minute)
		service.status, service.retryAfter = 429, "90"
		expect(t, first, "first", "ac:86:74:00:00:00 up 115 V 6 outlets 60 s old, ac:86:74:00:00:01 down 60 s old", "")
		expect(t, second, "second", "ac:86:74:00:00:65 up 118 V 6 outlets 60 s old, ac:86:74:00:00:66 up 121 V 6 outlets 60 s old, ac:86:74:00:00:67 down 60 s old, ac:86:74:00:00:68 down 60 s old", "")
		if service.refused != 1 {
			t.Errorf("asked %d times", service.refused)
		}
		expect(t, network(manual), "another collector of the first", "",
			"reading the list of network 12345: the service asks to wait until T, and there is no reading of the last 15m0s to serve meanwhile")
		<-time.After(90 * time.Second)
		service.status = 0
		expect(t, second, "second", offices, "")
		expect(t, first, "first", whole, "")
		if service.refused != 1 {
			t.Errorf("asked %d times", service.refused)
		}
	})
}

// TestInTurn shows that a service which lets through less than one reading needs
// hands out every strip in turn, and that the age of each is told.
func TestInTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{RateLimit: cloudtraxsim.RateLimit{Requests: 6}}, cloudtraxsim.Large(20))
		c := inBubble(t, cloud, large)
		c.options.MaxConcurrency = 1 // so that it is known which are refused
		for minute := range 30 {
			devices, err := collect(t, c)
			var oldest float64
			ports := 0
			for _, d := range devices {
				if age, ok := d.ReadingAge.Get(); ok {
					oldest = max(oldest, age)
				}
				if len(d.Outlets) > 0 {
					ports++
				}
			}
			// 18 of the 20 are up; the list takes one of the six requests.
			wantPorts, wantOldest := min(18, 5*(minute+1)), 60*float64(min(minute, 3))
			if len(devices) != 20 || ports != wantPorts || oldest != wantOldest || (err == nil) != (ports == 18) {
				t.Errorf("minute %d: %d devices, %d with ports, the oldest %v s, %v", minute, len(devices), ports, oldest, err)
			}
			<-time.After(time.Minute)
		}
	})
}

// TestKeptReading compares the metrics and the log of a reading that is served
// while the service asks to wait.
func TestKeptReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &refusing{Cloud: cloudtraxsim.New(cloudtraxsim.Options{}, cloudtraxsim.Office())}
		c := inBubble(t, service, office)
		var log bytes.Buffer
		pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
		probe := func() collector.Result {
			return pool.Read(t.Context(), collector.Source{MaxConcurrency: 4, New: func(*collector.Gate) collector.Collector { return c }},
				time.Minute, slog.New(slog.NewTextHandler(&log, nil)))
		}
		probe()
		<-time.After(90 * time.Second)
		service.status, service.retryAfter = 429, "60"
		r := probe()
		if r.Err != nil || len(r.Requests) != 1 || r.Requests[0].Name != "GET /powerstrip/network/23456/list" || r.Requests[0].Err == nil {
			t.Errorf("%v, %v", r.Err, r.Requests)
		}
		golden.Metrics(t, "testdata/simulated/kept.prom", exposition.NewCollector(r.Devices))
		want := `time=2000-01-01T00:01:30.000Z level=WARN msg="the service asks to wait: strips are served as they were read before" until=2000-01-01T00:02:30Z strips=4 oldest=1m30s` + "\n"
		if log.String() != want {
			t.Errorf("log %s, want %s", log.String(), want)
		}
		if r = probe(); r.Err != nil || len(r.Requests) != 0 || summary(r.Devices) == "" {
			t.Errorf("%v, %v", r.Err, r.Requests)
		}
	})
}
