package ems

import (
	"errors"
	"net/http"
	"strconv"
	"testing"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/internal/lenient"
	"power_exporter/internal/rest"
)

// values is a page of values with the uids from first to last.
func values(first, last int) *page[valueReply] {
	p := &page[valueReply]{}
	for uid := first; uid <= last; uid++ {
		p.entries = append(p.entries, valueReply{identity: identity{UID: lenient.Text(strconv.Itoa(uid))}, SI: "29"})
	}
	return p
}

// broken is a page that is not had.
func broken(status int) *page[valueReply] {
	return &page[valueReply]{question: question{err: &rest.StatusError{Code: status}}}
}

func TestPages(t *testing.T) {
	t.Parallel()
	endless := func(n int) *page[valueReply] { return values(n*1000, n*1000+999) }
	for _, tt := range []struct {
		name    string
		size    int
		look    bool
		answers []*page[valueReply] // what comes after the last is asked for in vain
		page    func(int) *page[valueReply]

		entries, pages, learnt, asked int
		err                           string
	}{
		{name: "one that is not full", size: 10, answers: []*page[valueReply]{values(1, 9)}, entries: 9, pages: 1, learnt: 10, asked: 1},
		{name: "none at all", size: 10, answers: []*page[valueReply]{values(1, 0)}, entries: 0, pages: 1, learnt: 10, asked: 1},
		{name: "three", size: 10, answers: []*page[valueReply]{values(1, 10), values(11, 20), values(21, 21)}, entries: 21, pages: 3, learnt: 10, asked: 3},
		{name: "the last is full", size: 10, answers: []*page[valueReply]{values(1, 10), values(11, 20), values(1, 0)}, entries: 20, pages: 3, learnt: 10, asked: 3},
		{name: "a page beyond the last is refused", size: 10, answers: []*page[valueReply]{values(1, 10), broken(404)}, entries: 10, pages: 1, learnt: 10, asked: 2},
		{name: "pages are not known", size: 10, answers: []*page[valueReply]{values(1, 25), values(1, 25)}, entries: 25, pages: 2, learnt: 10, asked: 2},
		{name: "pages overlap", size: 10, answers: []*page[valueReply]{values(1, 10), values(10, 19), values(20, 20)}, entries: 20, pages: 3, learnt: 10, asked: 3},
		{name: "the second is broken", size: 10, answers: []*page[valueReply]{values(1, 10), broken(500)}, entries: 10, pages: 1, learnt: 10, asked: 2, err: "500 Internal Server Error"},
		{name: "the first is refused", size: 10, answers: []*page[valueReply]{broken(404)}, learnt: 10, asked: 1, err: "404 Not Found"},
		{name: "they do not end", size: 1000, page: endless, entries: 101_000, pages: 101, learnt: 1000, asked: 101, err: "there are more than 100000 entries: the pages do not end"},

		{name: "nothing behind it", size: 10, look: true, answers: []*page[valueReply]{values(1, 9), values(1, 0)}, entries: 9, pages: 1, learnt: 10, asked: 2},
		{name: "the same behind it", size: 10, look: true, answers: []*page[valueReply]{values(1, 9), values(1, 9)}, entries: 9, pages: 1, learnt: 10, asked: 2},
		{name: "behind it is refused", size: 10, look: true, answers: []*page[valueReply]{values(1, 9), broken(400)}, entries: 9, pages: 1, learnt: 10, asked: 2},
		{name: "behind it is broken", size: 10, look: true, answers: []*page[valueReply]{values(1, 9), broken(500)}, entries: 9, pages: 1, learnt: 10, asked: 2},
		{name: "less than asked for", size: 10, look: true, answers: []*page[valueReply]{values(1, 4), values(5, 8), values(9, 10), values(1, 0)}, entries: 10, pages: 3, learnt: 4, asked: 4},
		{name: "less than asked for, and broken", size: 10, look: true, answers: []*page[valueReply]{values(1, 4), values(5, 8), broken(500)}, entries: 8, pages: 2, learnt: 4, asked: 3, err: "500 Internal Server Error"},
		{name: "a full one before the end", size: 10, look: true, answers: []*page[valueReply]{values(1, 10), values(11, 12), values(1, 0)}, entries: 12, pages: 2, learnt: 10, asked: 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			get := tt.page
			if get == nil {
				get = func(n int) *page[valueReply] {
					if n > len(tt.answers) {
						return &page[valueReply]{question: question{err: errors.New("asked for too much")}}
					}
					return tt.answers[n-1]
				}
			}
			l, err := readPages[valueReply](pager[valueReply]{size: tt.size, look: tt.look, page: func(n int) *page[valueReply] {
				if asked++; n != asked {
					t.Errorf("page %d is asked for as the %dth", n, asked)
				}
				return get(n)
			}})
			text := ""
			if err != nil {
				text = err.Error()
			}
			if len(l.entries) != tt.entries || l.pages != tt.pages || l.size != tt.learnt || asked != tt.asked || text != tt.err {
				t.Errorf("got %d entries on %d pages of %d after %d requests, error %q; want %d, %d, %d, %d, %q",
					len(l.entries), l.pages, l.size, asked, text, tt.entries, tt.pages, tt.learnt, tt.asked, tt.err)
			}
		})
	}
}

// want compares the requests to an EMS since it was made.
func want(t *testing.T, ems *emssim.EMS, requests map[string]int) {
	t.Helper()
	got := ems.Stats().Requests
	for path, n := range requests {
		if got[path] != n {
			t.Errorf("%s: %d requests, want %d", path, got[path], n)
		}
		delete(got, path)
	}
	if len(got) > 0 {
		t.Errorf("requests that nobody expects: %v", got)
	}
}

// TestRequests counts what a first reading asks for, and what later ones do.
func TestRequests(t *testing.T) {
	t.Parallel()
	c, ems := start(t, emssim.Options{}, emssim.MustRecorded("site"))
	first := map[string]int{
		"POST /v1/auth/login": 1, "GET /v1/devices": 1, "GET /v1/loads": 1, "GET /ver": 1, "GET /v1/sn": 1,
		"GET /v1/realtime": 2, "GET /v1/signals": 2, // the second pages are empty
	}
	mustCollect(t, c)
	want(t, ems, first)
	for range 3 {
		mustCollect(t, c)
	}
	first["GET /v1/realtime"] = 5
	want(t, ems, first)
	if most := ems.Stats().MaxInFlight; most > 2 {
		t.Errorf("%d requests at a time", most)
	}
}

// TestLargeSite reads more than one page of everything that has pages.
func TestLargeSite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                  string
		size, most            int
		signals, first, later int // requests
	}{
		{name: "as documented", size: 1000, signals: 3, first: 3, later: 2},
		{name: "in one page", size: 2000, signals: 2, first: 2, later: 1},
		{name: "the EMS gives less than it is asked for", size: 1000, most: 400, signals: 5, first: 5, later: 4},
		{name: "the last page is full", size: 500, signals: 4, first: 4, later: 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, ems := start(t, emssim.Options{PageMax: tt.most}, emssim.Large(1500), func(o *Options) { o.PageSize = tt.size })
			mustCollect(t, c)
			all := map[string]int{
				"POST /v1/auth/login": 1, "GET /v1/realtime": tt.first, "GET /v1/devices": 1, "GET /v1/loads": 1,
				"GET /v1/signals": tt.signals, "GET /ver": 1, "GET /v1/sn": 1,
			}
			want(t, ems, all)
			read := mustCollect(t, c)
			all["GET /v1/realtime"] += tt.later
			want(t, ems, all)
			lines, energies := 0, 0
			for _, d := range read[1:] {
				if !d.Up || len(d.Circuits) != 1 || len(d.Natives) != 0 {
					t.Fatalf("device %+v", d)
				}
				lines += len(d.Circuits[0].Lines)
				if d.Circuits[0].Energy.Present() {
					energies++
				}
			}
			// 15 signals are a meter.
			if len(read) != 101 || lines != 300 || energies != 100 {
				t.Errorf("%d devices, %d lines, %d energies; want 101, 300, 100", len(read), lines, energies)
			}
		})
	}
}

// TestABrokenSecondPage keeps what is on the first.
func TestABrokenSecondPage(t *testing.T) {
	t.Parallel()
	c, ems := start(t, emssim.Options{}, emssim.Large(1500))
	mustCollect(t, c)
	ems.SetFault(realtime.path(), simfault.Fault{})
	up := func(read int) int {
		n := 0
		devices, err := collect(t, c)
		if (err != nil) != (read < 100) {
			t.Errorf("error is %v", err)
		}
		for _, d := range devices {
			if d.Up {
				n++
			}
		}
		return n
	}
	if n := up(100); n != 101 {
		t.Errorf("%d devices are up, want 101", n)
	}
	// The pages are asked for at the same time, so that either may be the one.
	ems.SetFault(realtime.path(), simfault.Fault{Times: 1, Status: http.StatusInternalServerError})
	if n := up(0); n != 0 && n != 67+1 {
		t.Errorf("%d devices are up, want those of one page of 1000 signals", n)
	}
	if n := up(100); n != 101 {
		t.Errorf("%d devices are up, want 101", n)
	}
}
