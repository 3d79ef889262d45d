package soak

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"power_exporter/cmd/powersim/simfault"
)

// webTrouble lets one of the paths of a web server misbehave.
func (s *site) webTrouble(set func(path string, fault simfault.Fault), paths ...string) func(*rand.Rand) (end func()) {
	return func(r *rand.Rand) func() {
		path := paths[r.IntN(len(paths))]
		over := make(chan struct{})
		set(path, s.fault(r, over))
		return func() {
			set(path, simfault.Fault{})
			close(over)
		}
	}
}

// fault is one at random. Some repeat the secret that opened the device.
func (s *site) fault(r *rand.Rand, over <-chan struct{}) simfault.Fault {
	statuses := []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusNoContent,
	}
	faults := []simfault.Fault{
		{Delay: time.Duration(100+r.IntN(1500)) * time.Millisecond},
		{Until: over},
		{Reset: true},
		{Reset: true, Times: 1 + r.IntN(5)},
		{Status: statuses[r.IntN(len(statuses))]},
		{Status: statuses[r.IntN(len(statuses))], Body: []byte(`{"message":"` + s.secret + `"}`)},
		{Body: []byte("<html>" + s.secret), ContentType: "text/html"},
		{Body: []byte(`{"value":"` + s.secret + `"`)},
		{Body: []byte{}},
		{Location: s.away + "/?password=" + url.QueryEscape(s.secret)},
		{Size: 32 << 20, Times: 2},
		{Half: true},
		{WrongTypes: true},
		{WrongTypes: true, Half: true, Delay: 50 * time.Millisecond},
	}
	return faults[r.IntN(len(faults))]
}

// oneOf is one of several troubles at random.
func oneOf(troubles ...func(*rand.Rand) func()) func(*rand.Rand) func() {
	return func(r *rand.Rand) func() { return troubles[r.IntN(len(troubles))](r) }
}

// moment is a trouble that is over as soon as it has happened.
func moment(happen func()) func(*rand.Rand) func() {
	return func(*rand.Rand) func() {
		happen()
		return func() {}
	}
}

// makeTrouble lets so many of the devices that may misbehave do so at a time,
// each for some seconds, until ctx ends. Then nothing misbehaves any more.
func (s *site) makeTrouble(ctx context.Context, r *rand.Rand) (begun int) {
	var able []*device
	for _, d := range s.devices {
		if d.role != steady {
			able = append(able, d)
		}
	}
	type running struct {
		until time.Time
		end   func()
	}
	now := map[*device]running{}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			for _, d := range able {
				if t, ok := now[d]; ok {
					t.end()
				}
			}
			return begun
		case <-tick.C:
		}
		for _, d := range able {
			if t, ok := now[d]; ok && time.Now().After(t.until) {
				t.end()
				delete(now, d)
			}
		}
		for len(now) < (len(able)+2)/3 {
			d := able[r.IntN(len(able))]
			if _, ok := now[d]; ok {
				continue
			}
			lasts := time.Second + time.Duration(r.Int64N(int64(7*time.Second)))
			now[d] = running{time.Now().Add(lasts), d.trouble(r)}
			begun++
		}
	}
}
