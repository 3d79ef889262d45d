package nutsim_test

import (
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
)

func TestFleetChangesLive(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{}, twoUPSes()...)
	expect := func(write, want string) {
		t.Helper()
		if diff := cmp.Diff(want, ask(t, address, write)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", write, diff)
		}
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	ok(server.SetVariable("Desk", "UPS.Load", "50"))
	expect("GET VAR desk ups.load\n", "VAR desk ups.load \"50\"\n")
	ok(server.SetVariable("attic", "ups.b", "1"))
	ok(server.SetVariable("attic", "ups.a", "2"))
	expect("LIST VAR attic\n", "BEGIN LIST VAR attic\nVAR attic ups.a \"2\"\nVAR attic ups.b \"1\"\nEND LIST VAR attic\n")
	ok(server.DeleteVariable("attic", "UPS.A"))
	ok(server.DeleteVariable("attic", "nope"))
	expect("LIST VAR attic\n", "BEGIN LIST VAR attic\nVAR attic ups.b \"1\"\nEND LIST VAR attic\n")
	ok(server.SetState("attic", nutsim.StateStale))
	expect("LIST VAR attic\n", "ERR DATA-STALE\n")
	ok(server.SetState("attic", nutsim.StateDisconnected))
	expect("LIST VAR attic\n", "ERR DRIVER-NOT-CONNECTED\n")
	ok(server.SetState("attic", nutsim.StateOK))

	server.Add(nutsim.UPS{Name: "cellar"})
	server.Add(nutsim.UPS{Name: "desk", Description: "another"})
	if diff := cmp.Diff([]string{"desk", "attic", "cellar"}, server.Names()); diff != "" {
		t.Error(diff)
	}
	expect("GET UPSDESC desk\nGET VAR desk ups.load\n", "UPSDESC desk \"another\"\nERR VAR-NOT-SUPPORTED\n")
	if !server.Remove("ATTIC") || server.Remove("attic") {
		t.Error("a UPS must be there once")
	}
	expect("LIST UPS\nLIST VAR attic\n", "BEGIN LIST UPS\nUPS desk \"another\"\nUPS cellar \"Description unavailable\"\nEND LIST UPS\nERR UNKNOWN-UPS\n")

	for _, err := range []error{
		server.SetVariable("attic", "ups.load", "1"), server.DeleteVariable("attic", "ups.load"), server.SetState("attic", nutsim.StateOK),
	} {
		if err == nil || err.Error() != `no UPS "attic"` {
			t.Errorf("of a UPS that is gone: %v", err)
		}
	}
	if _, ok := server.UPS("attic"); ok {
		t.Error("a UPS that is gone")
	}
	if _, ok := server.Variable("attic", "ups.load"); ok {
		t.Error("a variable of a UPS that is gone")
	}
}

// What a caller does with its UPS afterwards is none of the server's business.
func TestServerKeepsCopies(t *testing.T) {
	mine := twoUPSes()[0]
	server := nutsim.New(nutsim.Options{}, mine)
	mine.Variables["ups.status"] = "OB"
	theirs, _ := server.UPS("desk")
	theirs.Variables["ups.status"] = "OFF"
	if status, _ := server.Variable("desk", "ups.status"); status != "OL" {
		t.Error(status)
	}
	want := twoUPSes()[0]
	got, _ := server.UPS("DESK")
	want.Traits["ups.load"] = nutsim.Trait{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConcurrency(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{}, device(t, "homelab"), device(t, "epdu"))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				name := "extra" + strconv.Itoa(i)
				server.Add(nutsim.UPS{Name: name, Variables: map[string]string{"ups.load": strconv.Itoa(j)}})
				if err := server.SetVariable("homelab", "ups.load", strconv.Itoa(j)); err != nil {
					t.Error(err)
				}
				if err := server.SetState("epdu", nutsim.State(j%3)); err != nil {
					t.Error(err)
				}
				server.Stats()
				server.Remove(name)
			}
		})
		wg.Go(func() {
			for range 20 {
				ask(t, address, "LIST UPS\nLIST VAR homelab\nLIST VAR epdu\n")
			}
		})
	}
	wg.Wait()
	if stats := server.Stats(); stats.Connections != 160 || stats.Commands["LIST"] != 480 {
		t.Errorf("%+v", stats)
	}
}

func TestServeAfterClose(t *testing.T) {
	server := nutsim.New(nutsim.Options{})
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(l); err == nil {
		t.Error("a closed server serves")
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is left open")
	}
}

// Close ends clients in every situation; goleak in TestMain sees what is left.
func TestCloseWithClients(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{MaxClients: 2}, twoUPSes()...)
	idle, half, waiting := dial(t, address), dial(t, address), dial(t, address)
	defer idle.Close()
	defer half.Close()
	defer waiting.Close()
	version(t, idle)
	version(t, half)
	send(t, half, "GET VAR desk \"ups.load\n")
	eventually(t, func() bool { return server.Stats().Open == 3 })
	for range 2 {
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if open := server.Stats().Open; open != 0 {
		t.Errorf("%d connections are open", open)
	}
}

func TestStateString(t *testing.T) {
	for state, want := range map[nutsim.State]string{
		nutsim.StateOK: "ok", nutsim.StateStale: "stale", nutsim.StateDisconnected: "disconnected", 7: "State(7)",
	} {
		if got := state.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
