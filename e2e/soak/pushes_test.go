package soak

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/e2e/program"
	"power_exporter/e2e/secrets"
)

// pushers is how many pushes of UPSes are under way at most.
const pushers = 16

// pushes is all that devices push to the exporter.
type pushes struct {
	fleet     *powersentrixsim.Fleet // of UPSes, over a bad link
	strangers *powersentrixsim.Fleet // with a company that there is not
	hooks     []*hook
	guesser   *guesser
	link      *flaky
	clients   []*http.Client
	late      atomic.Bool // the machine was too slow for the fleet to come to an end
}

// newPushes prepares who pushes.
func newPushes(t *testing.T, l *load, company, token string) *pushes {
	t.Helper()
	link := &flaky{Transport: &http.Transport{MaxConnsPerHost: 2 * pushers, MaxIdleConnsPerHost: 2 * pushers}, random: l.random(20)}
	p := &pushes{link: link}
	client := &http.Client{Transport: link}
	options := powersentrixsim.FleetOptions{
		Push: powersentrixsim.PushOptions{
			Server: l.push, CompanyID: company, Client: client, Period: l.period, Timeout: program.Patience,
			Retry: 100 * time.Millisecond, MaxRetry: time.Second,
		},
		Size: *upses, Concurrency: pushers, EventEvery: 1, Rounds: max(1, int(*soakTime/l.period)),
	}
	var err error
	if p.fleet, err = powersentrixsim.NewFleet(options); err != nil {
		t.Fatal(err)
	}
	// They share the address of those who are well.
	options.Size, options.Rounds, options.Push.CompanyID = 3, 0, secrets.New()
	options.Push.Client = &http.Client{Transport: &http.Transport{}}
	if p.strangers, err = powersentrixsim.NewFleet(options); err != nil {
		t.Fatal(err)
	}
	for i := range *hooks {
		p.hooks = append(p.hooks, newHook(l, client, i, token))
	}
	p.guesser = newGuesser(l)
	p.clients = []*http.Client{client, options.Push.Client, p.guesser.client}
	return p
}

// run pushes until loading ends, and what is left to be repeated afterwards.
func (p *pushes) run(ctx, loading context.Context) {
	defer func() {
		for _, c := range p.clients {
			c.CloseIdleConnections()
		}
	}()
	var all sync.WaitGroup
	all.Go(func() {
		ending, cancel := context.WithTimeout(ctx, *soakTime+program.Patience)
		defer cancel()
		p.fleet.Run(ending)
		p.late.Store(ending.Err() != nil)
	})
	all.Go(func() { p.strangers.Run(loading) })
	for _, h := range p.hooks {
		all.Go(func() { h.run(ctx, loading) })
	}
	all.Go(func() { p.guesser.run(ctx, loading) })
	all.Wait()
}

// acknowledged is the number of events that the exporter has acknowledged, by
// device and code.
func (p *pushes) acknowledged() map[string]int {
	counts := map[string]int{}
	for _, a := range p.fleet.Acknowledged() {
		for code, n := range a.Events {
			counts[a.CMM+" "+code] = n
		}
	}
	for _, h := range p.hooks {
		for code, n := range h.events {
			counts[h.serial+" "+code] = n
		}
	}
	return counts
}

// guesser tries one secret after another, from another address than all others.
type guesser struct {
	l        *load
	client   *http.Client
	statuses map[int]int
}

// newGuesser prepares a guesser.
func newGuesser(l *load) *guesser {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	return &guesser{l: l, client: &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}, statuses: map[int]int{}}
}

// run guesses until loading ends.
func (g *guesser) run(ctx, loading context.Context) {
	tried := 0
	every(loading, 200*time.Millisecond, func() {
		tried++
		secret := fmt.Sprintf("%s-guess-%d", secrets.Marker, tried)
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.l.push+"/api/setUpsData?cmm=load-00001&companyId="+secret, strings.NewReader("{}"))
		if err != nil {
			g.l.problems.add("a guess cannot be made", "%v", err)
			return
		}
		response, err := g.client.Do(request)
		if err != nil {
			g.l.problems.add("a guess is not answered", "%v", err)
			return
		}
		_ = response.Body.Close()
		g.statuses[response.StatusCode]++
		if response.StatusCode != http.StatusUnauthorized && response.StatusCode != http.StatusTooManyRequests {
			g.l.problems.add("a guess is not refused", "status %d", response.StatusCode)
		}
	})
}
