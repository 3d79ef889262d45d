package ems

import (
	"bufio"
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"power_exporter/collector"
	"power_exporter/config"
	"power_exporter/internal/golden"
)

// logged is what a reading of a case logs at a level, through the pool as a probe
// does it.
func logged(t *testing.T, folder string, signals map[int]Signal, level slog.Level) string {
	t.Helper()
	server := httptest.NewServer(files(folder))
	t.Cleanup(server.Close)
	o := options(t, server.URL)
	o.Signals = signals
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	pool := collector.NewPool(logger, func() {})
	t.Cleanup(pool.Clear)
	r := pool.Read(t.Context(), collector.Source{Key: folder, Device: folder, MaxConcurrency: 2, New: func(gate *collector.Gate) collector.Collector {
		c := New(o, gate)
		c.now = func() time.Time { return time.UnixMilli(1790000000000) }
		return c
	}}, time.Minute, logger)
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	return strings.ReplaceAll(text.String(), server.URL, "http://ems")
}

// TestWhatAPersonSees compares the log of a reading with what it should be.
func TestWhatAPersonSees(t *testing.T) {
	t.Parallel()
	two := map[int]Signal{29: {Quantity: Voltage}, 61: {Quantity: ActivePower, Line: "L1"}, 62: {Quantity: ActivePower, Line: "L1"}}
	for name, signals := range map[string]map[int]Signal{"protocols": nil, "odd-values": two} {
		golden.Text(t, "testdata/log/"+name+".txt", logged(t, "testdata/cases/"+name, signals, slog.LevelDebug))
		if text := logged(t, "testdata/cases/"+name, signals, slog.LevelInfo); text != "" {
			t.Errorf("logged in every reading: %s", text)
		}
	}
}

// TestTheLinesCanBePasted takes the lines of the log between their quotes, as a
// person does, puts a quantity into each, and loads them as a configuration.
func TestTheLinesCanBePasted(t *testing.T) {
	t.Parallel()
	var pasted, complete strings.Builder
	lines := bufio.NewScanner(strings.NewReader(logged(t, "testdata/cases/protocols", nil, slog.LevelDebug)))
	for lines.Scan() {
		_, quoted, ok := strings.Cut(lines.Text(), "ems.signals\" line=")
		if !ok {
			continue
		}
		line := strings.Trim(quoted, `"`)
		if read, err := strconv.Unquote(quoted); err != nil || read != line {
			t.Errorf("there is something to unescape in %s", quoted)
		}
		pasted.WriteString("        " + line + "\n")
		complete.WriteString("        " + strings.Replace(line, "{quantity: ", "{quantity: voltage", 1) + "\n")
	}
	const head = "modules:\n  ems:\n    ems:\n      signals:\n"
	c, err := config.Parse("config.yml", []byte(head+complete.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, complete.String())
	}
	if signals := c.Modules["ems"].EMS.Signals; len(signals) != 12 || signals["29"] != (config.EMSSignal{Quantity: "voltage"}) {
		t.Errorf("signals %v", signals)
	}
	if _, err := config.Parse("config.yml", []byte(head+pasted.String())); err == nil || !strings.Contains(err.Error(), "modules.ems.ems.signals.29: quantity is missing: add one of voltage, current") {
		t.Errorf("where nothing is filled in: %v", err)
	}
}
