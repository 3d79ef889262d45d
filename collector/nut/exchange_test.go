package nut

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/collector"
)

// reading makes one reading and returns the commands it cost the server, by
// verb.
func reading(tb testing.TB, c *Collector, server *nutsim.Server) (up, down string, cost map[string]int) {
	tb.Helper()
	before := server.Stats()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	devices, err := c.Collect(ctx)
	if err != nil {
		tb.Errorf("error %v", err)
	}
	after := server.Stats()
	cost = maps.Clone(after.Commands)
	for verb, n := range before.Commands {
		if cost[verb] -= n; cost[verb] == 0 {
			delete(cost, verb)
		}
	}
	if opened := after.Connections - before.Connections; opened != 1 {
		tb.Errorf("%d connections for one reading, want 1", opened)
	}
	return idsOf(devices, true), idsOf(devices, false), cost
}

func unit(name string) nutsim.UPS {
	return nutsim.UPS{Name: name, Variables: map[string]string{"ups.status": "OL"}}
}

// TestNamesAreRemembered follows a server whose UPSes come and go: each reading
// has all of them, and asks for each once.
func TestNamesAreRemembered(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{}, unit("a"), unit("b"))
	c := New(Options{Address: address}, collector.NewGate(1))
	step := func(what, wantUp, wantDown string, list int) {
		t.Helper()
		up, down, cost := reading(t, c, server)
		if up != wantUp || down != wantDown {
			t.Errorf("%s: up %q, down %q; want %q, %q", what, up, down, wantUp, wantDown)
		}
		want := map[string]int{"LIST": list + 1, "LIST UPS": 1, "LIST VAR": list}
		if diff := cmp.Diff(want, cost); diff != "" {
			t.Errorf("%s: commands (-want +got):\n%s", what, diff)
		}
	}
	step("first reading", "a b", "", 2)
	step("second reading", "a b", "", 2)
	server.Add(unit("c"))
	step("a new UPS", "a b c", "", 3)
	server.Remove("a")
	step("one is gone", "b c", "", 3)
	step("and forgotten", "b c", "", 2)
	if err := server.SetState("b", nutsim.StateStale); err != nil {
		t.Fatal(err)
	}
	step("one is stale", "c", "b", 2)
	if err := server.SetState("b", nutsim.StateOK); err != nil {
		t.Fatal(err)
	}
	step("and hears again", "b c", "", 2)
}

// TestNamedUPS shows that a UPS whose name is configured costs no LIST UPS.
func TestNamedUPS(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{}, unit("a"), unit("b"))
	up, down, cost := reading(t, New(Options{Address: address, UPS: []string{"b"}}, collector.NewGate(1)), server)
	if up != "b" || down != "" {
		t.Errorf("up %q, down %q; want b and none", up, down)
	}
	want := map[string]int{"GET": 1, "GET UPSDESC": 1, "LIST": 1, "LIST VAR": 1}
	if diff := cmp.Diff(want, cost); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

// TestUnknownNamedUPS shows that a UPS the server does not have is down, is an
// error, and costs the others nothing.
func TestUnknownNamedUPS(t *testing.T) {
	_, address := nutsim.Start(t, nutsim.Options{}, unit("a"))
	devices, err := collect(t, Options{Address: address, UPS: []string{"typo", "a"}})
	if up, down := idsOf(devices, true), idsOf(devices, false); up != "a" || down != "typo" {
		t.Errorf("up %q, down %q; want a and typo", up, down)
	}
	wantErrors(t, err, "LIST VAR typo: ERR UNKNOWN-UPS: the server has no UPS of this name")
}

// TestIdentityOutlivesReadings shows that a UPS which becomes stale keeps who
// it is and loses what it measures.
func TestIdentityOutlivesReadings(t *testing.T) {
	ups, err := nutsim.Device("homelab")
	if err != nil {
		t.Fatal(err)
	}
	server, address := nutsim.Start(t, nutsim.Options{}, ups)
	c := New(Options{Address: address}, collector.NewGate(1))
	before, err := c.Collect(t.Context())
	if err != nil || len(before) != 1 {
		t.Fatalf("%d devices, %v", len(before), err)
	}
	if err := server.SetState("homelab", nutsim.StateDisconnected); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		after, err := c.Collect(t.Context())
		if err != nil || len(after) != 1 {
			t.Fatalf("%d devices, %v", len(after), err)
		}
		want := before[0].Down()
		if diff := cmp.Diff(want.Model, after[0].Model); diff != "" || want.Model == "" {
			t.Errorf("model %q, want %q", after[0].Model, want.Model)
		}
		if after[0].Up || after[0].Batteries != nil || after[0].States.Reported() {
			t.Errorf("a stale UPS has readings: %+v", after[0])
		}
	}
}

// TestServerGone shows that UPSes which were there are down while their server
// cannot be reached or does not get round to naming them, whether they were
// learned or configured.
func TestServerGone(t *testing.T) {
	whole := "BEGIN LIST UPS\nUPS a \"A\"\nUPS b \"B\"\nEND LIST UPS\n"
	variables := func(name string) string {
		return "BEGIN LIST VAR " + name + "\nVAR " + name + " ups.model \"M\"\nEND LIST VAR " + name + "\n"
	}
	answers := []string{whole + variables("a") + variables("b"), "BEGIN LIST UPS\nUPS b \"B\"\nUPS", ""}
	var connections atomic.Int32
	address := serve(t, func(c net.Conn) {
		say(answers[connections.Add(1)-1])(c)
	})
	c := New(Options{Address: address}, collector.NewGate(1))
	for i, want := range []struct{ up, down string }{{"a b", ""}, {"", "b a"}, {"", "b a"}} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		devices, err := c.Collect(ctx)
		cancel()
		if up, down := idsOf(devices, true), idsOf(devices, false); up != want.up || down != want.down || (err == nil) != (i == 0) {
			t.Errorf("reading %d: up %q, down %q, %v; want %q, %q", i, up, down, err, want.up, want.down)
		}
		for _, d := range devices {
			if d.Model != "M" {
				t.Errorf("reading %d: %s has forgotten its model", i, d.ID)
			}
		}
	}
	devices, err := collect(t, Options{Address: "127.0.0.1:1", UPS: []string{"x", "y"}})
	if down := idsOf(devices, false); down != "x y" || err == nil {
		t.Errorf("down %q, %v", down, err)
	}
}

// TestNamesTwice shows that a server which names a UPS twice has it once, at
// every reading.
func TestNamesTwice(t *testing.T) {
	address := serve(t, sayAndWait("BEGIN LIST UPS\nUPS a \"\"\nUPS a \"\"\nEND LIST UPS\nERR DATA-STALE\n"))
	c := New(Options{Address: address}, collector.NewGate(1))
	for range 4 {
		devices, err := c.Collect(t.Context())
		if down := idsOf(devices, false); down != "a" || err != nil {
			t.Errorf("down %q, %v", down, err)
		}
	}
}

// TestTheGateOpensLate shows that the place at the server is free only when the
// server has noticed that we are gone, also after a refusal.
func TestTheGateOpensLate(t *testing.T) {
	noticed := make(chan struct{})
	address := serve(t, func(c net.Conn) {
		heard(c)
		_, _ = io.WriteString(c, "ERR ACCESS-DENIED\n")
		_, _ = io.Copy(io.Discard, c)
		<-noticed
	})
	gate := collector.NewGate(1)
	if _, err := New(Options{Address: address}, gate).Collect(t.Context()); err == nil {
		t.Error("no error")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := gate.Enter(ctx); err == nil {
		t.Error("the gate is open while the server still holds the connection")
	}
	close(noticed)
	leave, err := gate.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	leave()
}

// TestBounds shows what becomes of a server that says far too much.
func TestBounds(t *testing.T) {
	var text strings.Builder
	text.WriteString("BEGIN LIST UPS\n")
	for i := range maxUPSes + 10 {
		fmt.Fprintf(&text, "UPS ups%d \"\"\n", i)
	}
	text.WriteString("END LIST UPS\nBEGIN LIST VAR ups0\n")
	for i := range maxVariables + 10 {
		fmt.Fprintf(&text, "VAR ups0 device.%d.model \"x\"\n", i)
	}
	text.WriteString("END LIST VAR ups0\n")
	for range maxUPSes - 1 {
		text.WriteString("ERR ACCESS-DENIED\n")
	}
	address := serve(t, sayAndWait(text.String()))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	devices, err := New(Options{Address: address}, collector.NewGate(1)).Collect(ctx)
	if want := maxUPSes + maxChained; len(devices) != want {
		t.Errorf("%d devices, want %d", len(devices), want)
	}
	wantErrors(t, err, "LIST VAR ups1: ERR ACCESS-DENIED", fmt.Sprintf("and LIST VAR of %d more UPSes", maxUPSes-1-maxRefusals))
	if lines := strings.Count(err.Error(), "\n"); lines > maxRefusals+1 {
		t.Errorf("the error has %d lines", lines)
	}
}

// TestOnlyReads shows that nothing the collector sends could change anything,
// nor make us a client for whose shutdown the server would wait.
func TestOnlyReads(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{}, unit("a"))
	for _, o := range []Options{
		{Address: address},
		{Address: address, UPS: []string{"a"}},
		{Address: address, Username: "u", Password: "p"},
	} {
		if _, err := collect(t, o); err != nil {
			t.Error(err)
		}
	}
	allowed := map[string]bool{"LIST": true, "LIST UPS": true, "LIST VAR": true, "GET": true, "GET UPSDESC": true, "USERNAME": true, "PASSWORD": true}
	stats := server.Stats()
	for verb := range stats.Commands {
		if !allowed[verb] {
			t.Errorf("sent %s", verb)
		}
	}
	if stats.Refused+stats.Unknown > 0 {
		t.Errorf("%d commands were refused, %d unknown", stats.Refused, stats.Unknown)
	}
}

// TestOneConnectionAtATime shows that collectors which share a gate never have
// more connections than fit through it.
func TestOneConnectionAtATime(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{SmallWrites: true}, unit("a"), unit("b"))
	gate := collector.NewGate(1)
	done := make(chan error)
	const many = 20
	for range many {
		go func() {
			_, err := New(Options{Address: address}, gate).Collect(t.Context())
			done <- err
		}()
	}
	for range many {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most := server.Stats().MaxOpen; most != 1 {
		t.Errorf("%d connections at a time, want 1", most)
	}
}

// TestServerIsFull shows that a server which accepts a connection and has no
// place for it costs no more than the deadline.
func TestServerIsFull(t *testing.T) {
	_, address := nutsim.Start(t, nutsim.Options{MaxClients: 1}, unit("a"))
	other, err := dial(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	// The place is taken once the server has answered.
	wait := other.send([]request{{line: "VER"}})
	if _, err := other.line(); err != nil {
		t.Fatal(err)
	}
	if err := wait(); err != nil {
		t.Fatal(err)
	}
	_, err = collect(t, Options{Address: address})
	wantErrors(t, err, "LIST UPS: no answer in time")
}
