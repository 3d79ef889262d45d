package nutsim_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
)

// TestSameAsUpsd asks a real upsd and the simulated one the same questions,
// made up at random but the same in every run.
func TestSameAsUpsd(t *testing.T) {
	upsd := startUpsd(t)
	_, sim := nutsim.Start(t, nutsim.Options{
		Users:               map[string]string{"watcher": "watch me"},
		Descriptions:        installedDescriptions(t, "VARDESC"),
		CommandDescriptions: installedDescriptions(t, "CMDDESC"),
	}, recordedFleet(t)...)
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		question := randomQuestion(random)
		want, got := ask(t, upsd, question), ask(t, sim, question)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-upsd +nutsim):\n%s", question, diff)
		}
	}
}

// ask sends one write and nothing more, and gives the whole answer.
func ask(t *testing.T, address, question string) string {
	t.Helper()
	conn := dial(t, address)
	defer conn.Close()
	send(t, conn, question)
	return finish(t, conn)
}

// randomQuestion makes up to a chunk of lines that are mostly right.
func randomQuestion(random *rand.Rand) string {
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	ups := func() string { return pick("homelab", "EPDU", "onbattery", "stale", "gone", "odd", "nope", "") }
	name := func() string {
		return pick("ups.status", "UPS.Load", "battery.voltage.low", "outlet.1.current", "server.version", "Server.Info", "server.x",
			"ups.test.result", "ups.display.language", "experimental.thing", "driver.name", "device.mfr", "nope", "load.off", "load.on", "")
	}
	var question strings.Builder
	for range 1 + random.IntN(8) {
		words := []string{}
		switch random.IntN(9) {
		case 0:
			words = append(words, pick("VER", "NETVER", "PROTVER", "HELP", "LOGOUT", "STARTTLS", "FOO", "REQ", ""))
		case 1:
			words = append(words, pick("USERNAME", "PASSWORD"), pick("watcher", "watch me", "other", "#", ""))
		case 2:
			words = append(words, pick("USERNAME", "USERNAME", "FSD", "MASTER", "PRIMARY", "INSTCMD"), ups(), name())
		case 3:
			words = append(words, "SET", pick("VAR", "TRACKING", "FOO"), pick(ups(), "ON", "off"), name(), "x")
		case 4, 5:
			words = append(words, "LIST", pick("UPS", "VAR", "RW", "CMD", "ENUM", "RANGE", "CLIENT", "FOO"), pick("odd", "stale", "gone", "nope", "ODD"), name())
		default:
			words = append(words, "GET", pick("VAR", "TYPE", "DESC", "CMDDESC", "UPSDESC", "NUMLOGINS", "TRACKING", "FOO"), ups(), name())
		}
		if random.IntN(4) == 0 {
			words = words[:1+random.IntN(len(words))]
		}
		if random.IntN(10) == 0 {
			words = append(words, pick("x", "=", `"`, `\`, "#", "\r", "\x00", "é"))
		}
		for i, word := range words {
			switch {
			case random.IntN(8) == 0:
				words[i] = strings.ToLower(word)
			case random.IntN(8) == 0 || strings.Contains(word, " ") || word == "":
				words[i] = `"` + word + `"`
			case random.IntN(40) == 0 && word != "":
				at := random.IntN(len(word))
				words[i] = word[:at] + pick(`"`, `\`, "=", "#", " ", "\t", "\n", "\xff", "[", "'") + word[at:]
			}
		}
		question.WriteString(strings.Join(words, pick(" ", " ", " ", "  ", "\t")))
		question.WriteString(pick("\n", "\n", "\n", "\r\n", " \n"))
	}
	text := question.String()
	return text[:min(len(text), 512)] // more would be read in parts, wherever they end
}

// startUpsd runs a real upsd with a dummy-ups for every device, until the
// test ends.
func startUpsd(t *testing.T) (address string) {
	t.Helper()
	if _, err := os.Stat("/lib/nut/upsd"); err != nil {
		t.Fatalf("a real upsd is missing: it is in the Debian package nut-server, which \"make test\" installs: %v", err)
	}
	dir := t.TempDir()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "NUT_CONFPATH="+dir, "NUT_STATEPATH="+dir, "NUT_ALTPIDPATH="+dir)
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = listener.Addr().String()
	listener.Close()
	host, port, _ := net.SplitHostPort(address)

	var conf strings.Builder
	for _, u := range recordedFleet(t) {
		fmt.Fprintf(&conf, "[%s]\n  driver = dummy-ups\n  port = %[1]s.dev\n  synchronous = yes\n", u.Name)
		if u.Description != "" {
			fmt.Fprintf(&conf, "  desc = \"%s\"\n", strings.NewReplacer(`\`, `\\`, `"`, `\"`, "#", `\#`).Replace(u.Description))
		}
		copyDevice(t, dir, u.Name)
	}
	write(t, dir, "ups.conf", conf.String())
	write(t, dir, "upsd.conf", fmt.Sprintf("LISTEN %s %s\nMAXAGE 15\n", host, port))
	write(t, dir, "upsd.users", "[watcher]\n  password = \"watch me\"\n  upsmon secondary\n")

	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), name, append(args, "-u", me.Username)...)
		cmd.Env, cmd.Dir = env, dir
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Signal(syscall.SIGCONT) // a stopped one would not hear the next
			_ = cmd.Process.Signal(syscall.SIGTERM) // and it is gone then
			_ = cmd.Wait()                          // which says that it was ended
			if t.Failed() {
				t.Logf("%s %v: %s", name, args, out.String())
			}
		})
		return cmd
	}
	var stale *exec.Cmd
	for _, u := range recordedFleet(t) {
		if u.State == nutsim.StateDisconnected {
			continue
		}
		cmd := run("/lib/nut/dummy-ups", "-F", "-a", u.Name)
		if u.State == nutsim.StateStale {
			stale = cmd
		}
	}
	eventually(t, func() bool {
		sockets, _ := filepath.Glob(filepath.Join(dir, "dummy-ups-*"))
		return len(slices.DeleteFunc(sockets, func(s string) bool { return strings.HasSuffix(s, ".pid") })) == len(recordedFleet(t))-1
	})
	run("/lib/nut/upsd", "-F")
	listening := func(ready string) func() bool {
		return func() bool {
			var d net.Dialer
			conn, err := d.DialContext(t.Context(), "tcp", address)
			if err != nil {
				return false
			}
			conn.Close()
			return strings.Contains(ask(t, address, "GET VAR stale ups.load\nGET VAR rack3ph ups.load\n"), ready)
		}
	}
	eventually(t, listening("VAR stale ups.load \"8\"\nVAR rack3ph"))
	if err := stale.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if listening("DATA-STALE")() {
			return address
		}
		<-time.After(3 * time.Second)
	}
	t.Fatal("the stopped driver is never stale")
	return ""
}

// copyDevice puts a device's file where dummy-ups looks for it.
func copyDevice(t *testing.T, dir, name string) {
	t.Helper()
	for _, file := range []string{"devices/" + name + ".dev", "testdata/" + name + ".dev"} {
		text, err := os.ReadFile(file)
		if err == nil {
			write(t, dir, name+".dev", string(text))
			return
		}
	}
}

// write makes a file that NUT finds private enough.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// installedDescriptions reads what upsd says in GET DESC or GET CMDDESC.
func installedDescriptions(t *testing.T, kind string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("/usr/share/nut/cmdvartab")
	if err != nil {
		t.Fatal(err)
	}
	descriptions := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^`+kind+` (\S+) "(.*)"`).FindAllStringSubmatch(string(text), -1) {
		descriptions[m[1]] = m[2]
	}
	return descriptions
}
