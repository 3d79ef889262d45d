package synlink

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// TestModels reads every simulated PDU by requests, and compares the metrics
// with those that package internal/synlink makes of the same answers.
func TestModels(t *testing.T) {
	t.Parallel()
	for _, model := range synlinksim.Models() {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			_, base := play(t, synlinksim.Options{}, model)
			want := goldenMetrics(t, model)
			if diff := cmp.Diff(want, metrics(t, read(t, open(t, options(base))))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestStreamedModels reads the same PDUs by their streams. What a frame has is
// what the requests told, and nothing is lost but what docs/synlink.md says.
func TestStreamedModels(t *testing.T) {
	t.Parallel()
	for _, model := range synlinksim.Models() {
		if model == "manual" {
			continue // its frame is not of the same PDU as its answers
		}
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			want := series(goldenMetrics(t, model))
			synctest.Test(t, func(t *testing.T) {
				_, n := playInBubble(t, synlinksim.Options{}, model)
				c := open(t, n.streaming())
				read(t, c)
				pass(framePeriod + time.Second)
				d := read(t, c)
				if d.Streamed != power.Boolean(true) {
					t.Fatal("it was not streamed")
				}
				got := series(metrics(t, d))
				lost, added := map[string]bool{}, map[string]bool{}
				for name, value := range want {
					other, ok := got[name]
					if !ok {
						lost[family(name)] = true
					} else if other != value {
						t.Errorf("%s is %s, want %s", name, other, value)
					}
				}
				for name, value := range got {
					if _, ok := want[name]; !ok {
						added[family(name)] = true
					}
					// Nothing moves, so that each extreme is the reading.
					for _, word := range []string{"_peak", "_trough"} {
						if reading, ok := got[strings.Replace(name, word, "", 1)]; strings.Contains(family(name), word) && (!ok || reading != value) {
							t.Errorf("%s is %s, and the reading is %s", name, value, reading)
						}
					}
				}
				for name := range lost {
					if name != "power_outlet_reboot_pending" {
						t.Errorf("%s is lost", name)
					}
				}
				for name := range added {
					if name != "power_device_streamed" && name != "power_device_reading_age_seconds" &&
						!strings.Contains(name, "_peak_") && !strings.Contains(name, "_trough_") {
						t.Errorf("%s is new", name)
					}
				}
				if !added["power_device_streamed"] || !added["power_device_reading_age_seconds"] || !added["power_circuit_current_peak_amperes"] {
					t.Errorf("only %q are new", slices.Sorted(maps.Keys(added)))
				}
			})
		})
	}
}

// goldenMetrics are the metrics of a model.
func goldenMetrics(tb testing.TB, model string) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("../../internal/synlink/testdata/simulated", model+".prom"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// metrics is the text of what is exported of a device.
func metrics(tb testing.TB, d power.Device) string {
	tb.Helper()
	devices := []power.Device{d}
	for _, err := range power.Validate(devices) {
		tb.Errorf("mended: %v", err)
	}
	return golden.Gather(tb, exposition.NewCollector(devices))
}

// series are the samples of a text of metrics.
func series(text string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(text) {
		if i := strings.LastIndex(line, " "); i > 0 && !strings.HasPrefix(line, "#") {
			all[line[:i]] = strings.TrimSpace(line[i:])
		}
	}
	return all
}

// family is the metric of a series.
func family(series string) string {
	name, _, _ := strings.Cut(series, "{")
	return name
}
