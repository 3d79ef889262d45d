// Package soak keeps the real exporter, built with the race detector, under the
// load of an hour in a short time: hundreds of simulated devices of all kinds
// that misbehave at random, devices that push, reloads, and whoever else asks.
// It then looks at what must hold all the time, and at what must be left when the
// load is over.
package soak

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"power_exporter/e2e/program"
)

var (
	soakTime = flag.Duration("soak", 20*time.Second, "how long the load lasts")
	soakSeed = flag.Uint64("seed", 0, "of what is random; 0 for another one each time")
	targets  = flag.Int("targets", 60, "how many targets are probed")
	upses    = flag.Int("upses", 30, "how many PowerSentrix UPSes push")
	hooks    = flag.Int("hooks", 20, "how many SynLink PDUs post")
	keptLog  = flag.String("log", "", "file for the log of the exporter; empty for none")
	grows    = flag.Float64("grows", 3, "how many times the memory of before the last third may have; a short load says little")
)

var (
	// scratch is the directory of all that is written.
	scratch string
	// binary is the exporter under test.
	binary string
)

// TestMain builds the exporter and looks for goroutines that are left.
func TestMain(m *testing.M) {
	os.Exit(runAll(m))
}

// runAll is TestMain with a result.
func runAll(m *testing.M) int {
	flag.Parse()
	var err error
	if scratch, err = os.MkdirTemp("", "soak"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	if binary, err = program.BuildExporter(context.Background(), scratch, "-race"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	return code
}
