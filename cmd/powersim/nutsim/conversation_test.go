package nutsim_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
)

// twoUPSes is a small server's offer: one healthy UPS, one with nothing.
func twoUPSes() []nutsim.UPS {
	return []nutsim.UPS{{
		Name:        "desk",
		Description: "under the desk",
		Variables:   map[string]string{"ups.status": "OL", "ups.load": "042.7", "input.sensitivity": "low", "Battery.Charge.Low": "20"},
		Traits: map[string]nutsim.Trait{
			"ups.status":         {MaxLength: 20},
			"input.sensitivity":  {Writable: true, Enum: []string{"low", `"high"`}},
			"Battery.Charge.Low": {Writable: true, Ranges: [][2]string{{"5", "20"}, {"40", "50"}}},
		},
		Commands: []string{"beeper.mute", "load.off"},
	}, {
		Name: "attic",
	}}
}

const denied = "ERR ACCESS-DENIED\n"

// What a dummy-ups declares and what upsd says on its own account is in the
// transcripts; here is what only other drivers and options bring forth.
func TestConversation(t *testing.T) {
	users := map[string]string{"watcher": "secret"}
	for _, tt := range []struct {
		name    string
		options nutsim.Options
		write   string
		want    string
	}{
		{
			name:  "a UPS without variables",
			write: "LIST VAR attic\nLIST RW attic\nLIST CMD attic\n",
			want:  "BEGIN LIST VAR attic\nEND LIST VAR attic\nBEGIN LIST RW attic\nEND LIST RW attic\nBEGIN LIST CMD attic\nEND LIST CMD attic\n",
		}, {
			name:  "variables are sorted without regard to case",
			write: "LIST VAR desk\n",
			want:  "BEGIN LIST VAR desk\nVAR desk Battery.Charge.Low \"20\"\nVAR desk input.sensitivity \"low\"\nVAR desk ups.load \"042.7\"\nVAR desk ups.status \"OL\"\nEND LIST VAR desk\n",
		}, {
			name:  "writable ones and commands",
			write: "LIST RW desk\nLIST CMD desk\n",
			want:  "BEGIN LIST RW desk\nRW desk Battery.Charge.Low \"20\"\nRW desk input.sensitivity \"low\"\nEND LIST RW desk\nBEGIN LIST CMD desk\nCMD desk beeper.mute\nCMD desk load.off\nEND LIST CMD desk\n",
		}, {
			name:  "enumeration",
			write: "LIST ENUM desk input.sensitivity\nLIST RANGE desk input.sensitivity\n",
			want:  "BEGIN LIST ENUM desk input.sensitivity\nENUM desk input.sensitivity \"low\"\nENUM desk input.sensitivity \"\\\"high\\\"\"\nEND LIST ENUM desk input.sensitivity\nBEGIN LIST RANGE desk input.sensitivity\nEND LIST RANGE desk input.sensitivity\n",
		}, {
			name:  "ranges",
			write: "LIST RANGE desk battery.charge.low\n",
			want:  "BEGIN LIST RANGE desk battery.charge.low\nRANGE desk battery.charge.low \"5\" \"20\"\nRANGE desk battery.charge.low \"40\" \"50\"\nEND LIST RANGE desk battery.charge.low\n",
		}, {
			name:  "types",
			write: "GET TYPE desk ups.status\nGET TYPE desk ups.load\nGET TYPE desk input.sensitivity\nGET TYPE desk battery.charge.low\n",
			want:  "TYPE desk ups.status STRING:20\nTYPE desk ups.load NUMBER\nTYPE desk input.sensitivity RW ENUM\nTYPE desk battery.charge.low RW RANGE\n",
		}, {
			name:    "descriptions",
			options: nutsim.Options{Descriptions: map[string]string{"ups.load": `a "load"`}, CommandDescriptions: map[string]string{"load.off": "off"}},
			write:   "GET DESC desk UPS.load\nGET CMDDESC desk load.off\nGET DESC desk load.off\n",
			want:    "DESC desk UPS.load \"a \\\"load\\\"\"\nCMDDESC desk load.off \"off\"\nDESC desk load.off \"Description unavailable\"\n",
		}, {
			name:    "another version",
			options: nutsim.Options{Version: "2.8.4"},
			write:   "VER\nGET VAR desk server.version\n",
			want:    "Network UPS Tools upsd 2.8.4 - http://www.networkupstools.org/\nVAR desk server.version \"2.8.4\"\n",
		}, {
			name:    "reading needs a user",
			options: nutsim.Options{Users: users, RequireLogin: true},
			write:   "LIST UPS\nGET UPSDESC desk\nLIST FOO\nNETVER\nUSERNAME watcher\nLIST UPS\nPASSWORD secret\nGET UPSDESC desk\n",
			want:    denied + denied + denied + "1.3\nOK\n" + denied + "OK\nUPSDESC desk \"under the desk\"\n",
		}, {
			name:    "reading needs the right user",
			options: nutsim.Options{Users: users, RequireLogin: true},
			write:   "USERNAME watcher\nPASSWORD wrong\nLIST UPS\n",
			want:    "OK\nOK\n" + denied,
		}, {
			name:    "an unknown user's password is not the empty one",
			options: nutsim.Options{Users: users, RequireLogin: true},
			write:   "USERNAME nobody\nPASSWORD \"\"\nLIST UPS\n",
			want:    "OK\nOK\n" + denied,
		}, {
			name:  "a command that does not exist, before the right to send it",
			write: "USERNAME a\nPASSWORD b\nINSTCMD desk load.on\nINSTCMD desk LOAD.OFF\n",
			want:  "OK\nOK\nERR CMD-NOT-SUPPORTED\n" + denied,
		}, {
			name:  "no newline, no answer",
			write: "NETVER\nNETVER",
			want:  "1.3\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, address := nutsim.Start(t, tt.options, twoUPSes()...)
			if diff := cmp.Diff(tt.want, ask(t, address, tt.write)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPipelining(t *testing.T) {
	for _, small := range []bool{false, true} {
		t.Run(fmt.Sprintf("small=%t", small), func(t *testing.T) {
			server, address := nutsim.Start(t, nutsim.Options{SmallWrites: small}, twoUPSes()...)
			var write, want strings.Builder
			for i := range 5000 {
				if i%7 == 0 {
					write.WriteString("GET VAR attic nope\n")
					want.WriteString("ERR VAR-NOT-SUPPORTED\n")
				} else {
					fmt.Fprintf(&write, "GET DESC desk number.%d\n", i)
					fmt.Fprintf(&want, "DESC desk number.%d \"Description unavailable\"\n", i)
				}
			}
			if got := ask(t, address, write.String()); got != want.String() {
				t.Error(cmp.Diff(want.String(), got))
			}
			stats := server.Stats()
			if stats.Commands["GET"] != 5000 || stats.Connections != 1 {
				t.Errorf("%+v", stats)
			}
			if stats.BytesIn != int64(write.Len()) || stats.BytesOut != int64(want.Len()) {
				t.Errorf("%d bytes in and %d out, want %d and %d", stats.BytesIn, stats.BytesOut, write.Len(), want.Len())
			}
		})
	}
}

// A client that never reads must not hold up the others, nor those who change
// a UPS.
func TestClientThatDoesNotRead(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{}, device(t, "epdu"))
	stuck := dial(t, address)
	defer stuck.Close()
	go func() { _, _ = io.WriteString(stuck, strings.Repeat("LIST VAR epdu\n", 20000)) }() // ends when stuck is closed
	eventually(t, func() bool { return server.Stats().Commands["LIST"] > 100 })
	if err := server.SetVariable("epdu", "ups.status", "OB"); err != nil {
		t.Fatal(err)
	}
	if got, want := ask(t, address, "GET VAR epdu ups.status\n"), "VAR epdu ups.status \"OB\"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMaxClients(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{MaxClients: 1}, twoUPSes()...)
	first, second := dial(t, address), dial(t, address)
	defer second.Close()
	version(t, first)
	send(t, second, "NETVER\n")
	eventually(t, func() bool { return server.Stats().Open == 2 })
	if err := second.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := second.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Fatalf("the connection beyond the limit was answered: %d bytes, %v", n, err)
	}
	first.Close()
	if err := second.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(second, got); err != nil || string(got) != "1.3\n" {
		t.Fatalf("after the first one left: %q, %v", got, err)
	}
	if stats := server.Stats(); stats.MaxOpen != 2 || stats.Connections != 2 {
		t.Errorf("%+v", stats)
	}
}

// version makes sure that the server answers a connection.
func version(t *testing.T, conn io.ReadWriter) {
	t.Helper()
	send(t, conn, "NETVER\n")
	got := make([]byte, 4)
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != "1.3\n" {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestIdleTimeout(t *testing.T) {
	_, address := nutsim.Start(t, nutsim.Options{IdleTimeout: 300 * time.Millisecond})
	conn := dial(t, address)
	defer conn.Close()
	version(t, conn)
	if rest, err := io.ReadAll(conn); len(rest) != 0 || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
}

func TestStatsTellWhatWasRefused(t *testing.T) {
	server, address := nutsim.Start(t, nutsim.Options{}, twoUPSes()...)
	ask(t, address, "SET VAR desk ups.load 1\nFSD desk\nUSERNAME a\nPASSWORD b\nset var desk ups.load 1\nINSTCMD desk load.off\nMASTER desk\nPRIMARY desk\nFOO\n\nList Var desk\n")
	want := nutsim.Stats{
		Connections: 1,
		MaxOpen:     1,
		Commands:    map[string]int{"SET": 2, "FSD": 1, "USERNAME": 1, "PASSWORD": 1, "INSTCMD": 1, "MASTER": 1, "PRIMARY": 1, "LIST": 1, "LIST VAR": 1},
		Unknown:     2,
		Refused:     6,
		Errors:      map[string]int{"USERNAME-REQUIRED": 2, "ACCESS-DENIED": 4, "UNKNOWN-COMMAND": 2},
	}
	eventually(t, func() bool { return server.Stats().Open == 0 })
	got := server.Stats()
	got.BytesIn, got.BytesOut = 0, 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if load, _ := server.Variable("desk", "ups.load"); load != "042.7" {
		t.Errorf("ups.load is %q", load)
	}
}
