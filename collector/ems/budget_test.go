package ems

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
)

// TestPagesWithoutEnd reads an EMS whose values do not end, on full pages of some
// size: they are read up to a share of bytes, what they say is kept, and so is what
// the other lists say.
func TestPagesWithoutEnd(t *testing.T) {
	ems := emssim.New(emssim.Options{}, emssim.MustRecorded("site"))
	padding := strings.Repeat(" ", 4<<20)
	var pages atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		number := r.URL.Query().Get("page")
		if r.URL.Path != realtime.path() || number == "1" {
			ems.ServeHTTP(w, r)
			return
		}
		pages.Add(1)
		_, _ = fmt.Fprintf(w, `{"realtime":{"9%s":{"uid":9%s,"si":29,"v":1,"t":1}}}%s`, number, number, padding)
	}))
	t.Cleanup(func() {
		server.Close()
		_ = ems.Close()
	})
	o := options(t, server.URL)
	o.PageSize = 1
	c := newFor(t, o)
	before := heap()
	read, err := collect(t, c)
	want := "reading the realtime values: its pages have more than 16 MiB, which no site needs, and no more of them are read: " +
		"look at what the EMS answers, or read less with uids or protocol of the module"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	// A page has 4 MiB, and the second is asked for together with the first.
	if n := pages.Load(); n != 4 {
		t.Errorf("%d pages of 4 MiB were read", n)
	}
	if len(read) != 5 || !read[1].Up {
		t.Errorf("devices: %s", names(read))
	}
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("%d MiB are kept", grown>>20)
	}
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestTooManyEntries reads a page with more entries than all pages may have
// together, which take little to write and much to keep.
func TestTooManyEntries(t *testing.T) {
	t.Parallel()
	for before, want := range map[int64]error{0: nil, 2*maxEntries - 3: nil, 2*maxEntries - 2: errTooMany, 2 * maxEntries: errTooMany} {
		r := newReader[valueReply](New(options(t, "http://ems.example.net"), collector.NewGate(1)), realtime)
		r.entries.Store(before)
		p := r.page(2)
		err := p.read([]byte(`{"realtime":{"1":{"si":1},"2":{"si":1},"3":{}}}`))
		entries, odd := 2, 1
		if want != nil {
			entries, odd = 0, 0
		}
		if !errors.Is(err, want) || len(p.entries) != entries || p.odd != odd || r.entries.Load() != before+int64(entries+odd) {
			t.Errorf("after %d: %d entries, %d of no sense, %d in all, %v", before, len(p.entries), p.odd, r.entries.Load(), err)
		}
	}
}

// TestAWebPageIsAFailedRequest shows that what metrics and debug page say of a
// request is whether its answer was understood.
func TestAWebPageIsAFailedRequest(t *testing.T) {
	t.Parallel()
	ems, address := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("site"))
	for _, e := range []endpoint{devices, version} {
		ems.SetFault(e.path(), simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"})
	}
	o := options(t, address)
	pool := collector.NewPool(nil, func() {})
	t.Cleanup(pool.Clear)
	r := pool.Read(t.Context(), collector.Source{MaxConcurrency: 2, New: func(gate *collector.Gate) collector.Collector { return New(o, gate) }}, patience, nil)
	if len(r.Requests) != 9 {
		t.Errorf("%d requests", len(r.Requests))
	}
	for _, request := range r.Requests {
		failed := request.Name == "GET "+devices.path() || request.Name == "GET "+version.path()
		if failed != (request.Err != nil) || failed && !strings.HasSuffix(request.Err.Error(), "the answer is a web page and not JSON: does the address lead to the device itself?") {
			t.Errorf("%s: %v", request.Name, request.Err)
		}
	}
}
