package receiver

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/power"
)

// roleFolder is the store's folder, beside which a process that plays a role
// is started.
const roleFolder = "data"

var crashes = flag.Int("crashes", 5, "how often to kill a process that stores pushes")

// pushers is how many devices the other process has pushing at a time.
const pushers = 40

// playPusher pushes to a store until it is killed, and says so on standard
// output as soon as a push may be acknowledged: the device and its value.
func playPusher() int {
	kinds := map[string]Kind{"fake": {Map: mapFake, MaxDevices: DefaultTotalDevices}}
	s, err := Open(roleFolder, Options{Kinds: kinds, Logger: quiet()})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range pushers {
		all.Go(func() {
			for n := 0; ; n++ {
				// A device is soon refused as a flood, so each makes new ones.
				device := fmt.Sprintf("%d-%d-%d", os.Getpid(), i, n/50)
				name := strings.Repeat("n", rand.IntN(6000))
				err := s.Update(context.Background(), fakeKey(device), func(e *Entry, now time.Time) error {
					e.Events.Count(Origin{Ord: int64(n)}, EventRecord{Code: "E", At: now})
					return reading(name, float64(n))(e, now)
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				fmt.Fprintln(os.Stdout, device, n)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return 0
}

// TestKill kills a process that stores pushes, again and again on the same
// store, and looks each time whether all that was acknowledged is there.
func TestKill(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), roleFolder)
	acknowledged := map[string]int{}
	for round := range *crashes {
		// The first rounds end while the file is made and grows.
		pushAndKill(t, folder, rand.IntN(1+min(round, 5)*500), acknowledged)
		if _, err := os.Stat(filepath.Join(folder, FileName)); err != nil && len(acknowledged) == 0 {
			continue // not even made
		}
		sound(t, folder)
		s := openIn(t, folder)
		for device, value := range acknowledged {
			d, ok := s.Device(device)
			if !ok {
				t.Errorf("round %d: device %s is lost", round, device)
				continue
			}
			volts, _ := d.Inlets[0].Voltage.Get()
			// What was on disk and could not be acknowledged any more may be there.
			if int(volts) != value && int(volts) != value+1 {
				t.Errorf("round %d: device %s has %v, acknowledged was %d", round, device, volts, value)
			}
			if total := float64(int(volts)%50 + 1); d.Events[0].Total != power.Count(power.Of(total)) {
				t.Errorf("round %d: device %s has %s events, want %v", round, device, d.Events[0].Total, total)
			}
			acknowledged[device] = int(volts)
		}
		closeStore(t, s)
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was ever acknowledged")
	}
}

// pushAndKill starts a process that pushes, and kills it after so many
// acknowledged pushes, which it notes.
func pushAndKill(t *testing.T, folder string, after int, acknowledged map[string]int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), roleVariable+"=pusher")
	child.Dir = filepath.Dir(folder)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; ; n++ {
		if n == after {
			if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
		if !lines.Scan() {
			break
		}
		device, value, _ := strings.Cut(lines.Text(), " ")
		number, err := strconv.Atoi(value)
		if err != nil {
			continue // a line that was cut off
		}
		acknowledged[device] = max(acknowledged[device], number)
	}
	if err := child.Wait(); child.ProcessState.Exited() {
		t.Errorf("the process ended by itself: %v", err)
	}
}
