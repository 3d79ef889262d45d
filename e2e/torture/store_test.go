package torture

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"power_exporter/e2e/program"
	"power_exporter/receiver"
)

// tortureStore starts the exporter with a store that it cannot use: it says
// what is wrong and what to do, and ends, rather than take pushes that it cannot
// keep. The file is left as it is.
func tortureStore(t *testing.T, seen *notes) {
	t.Helper()
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:min(n, len(b))] } }
	flip := func(from, to int) func([]byte) []byte {
		return func(b []byte) []byte {
			for i := from; i < min(to, len(b)); i++ {
				b[i] ^= 0xff
			}
			return b
		}
	}
	const damaged = "the store is damaged"
	for _, tt := range []struct {
		name  string
		spoil func([]byte) []byte
		says  string // "" for a start that works
	}{
		{"empty", cut(0), damaged},
		{"cut within its head", cut(100), damaged},
		{"cut after its head", cut(8192), damaged},
		{"cut in the middle", cut(10_000), damaged},
		{"garbage", func([]byte) []byte { return []byte(strings.Repeat("garbage\n", 5000)) }, damaged},
		{"zeros", func(b []byte) []byte { clear(b); return b }, damaged},
		{"all bits turned", flip(0, 1<<30), damaged},
		{"first head turned", flip(0, 4096), ""}, // there are two of them
		{"both heads turned", flip(0, 8192), damaged},
		{"pages turned", flip(8192, 1<<30), damaged},
		{"more at its end", func(b []byte) []byte { return append(b, make([]byte, 4096)...) }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := room(t)
			write(t, dir, "secret", secret+"\n")
			store := filepath.Join(dir, "store")
			storeOf(t, store, time.Now())
			file := filepath.Join(store, receiver.FileName)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			spoilt := tt.spoil(text)
			if err := os.WriteFile(file, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
			config := "--config.file=" + write(t, dir, "config.yml", receiverConfig)
			if tt.says == "" {
				e := startExporter(t, true, nil, config, "--storage.path="+store)
				if up := e.own(t)[`power_device_up{device="ups-full"}`]; up != "1" {
					t.Errorf("the device is up: %q", up)
				}
				seen.add("store: "+tt.name, "starts", "")
				return
			}
			seen.add("store: "+tt.name, "ends with 1", runRefused(t, tt.says, file, config, "--storage.path="+store))
			if left, err := os.ReadFile(file); err != nil || string(left) != string(spoilt) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
	t.Run("a folder in its place", func(t *testing.T) {
		t.Parallel()
		dir := room(t)
		write(t, dir, "secret", secret+"\n")
		file := filepath.Join(dir, "store", receiver.FileName)
		if err := os.MkdirAll(file, 0o700); err != nil {
			t.Fatal(err)
		}
		args := []string{"--config.file=" + write(t, dir, "config.yml", receiverConfig), "--storage.path=" + filepath.Join(dir, "store")}
		seen.add("store: a folder in its place", "ends with 1", runRefused(t, damaged, file, args...))
	})
	t.Run("a file in place of its folder", func(t *testing.T) {
		t.Parallel()
		dir := room(t)
		write(t, dir, "secret", secret+"\n")
		file := write(t, dir, "store", "")
		args := []string{"--config.file=" + write(t, dir, "config.yml", receiverConfig), "--storage.path=" + file}
		seen.add("store: a file in place of its folder", "ends with 1", runRefused(t, "not a directory", file, args...))
	})
	t.Run("in use by another exporter", func(t *testing.T) {
		t.Parallel()
		dir := room(t)
		write(t, dir, "secret", secret+"\n")
		args := []string{"--config.file=" + write(t, dir, "config.yml", receiverConfig), "--storage.path=" + filepath.Join(dir, "store")}
		first := startExporter(t, true, nil, args...)
		seen.add("store: in use by another exporter", "ends with 1", runRefused(t, "in use by another process", filepath.Join(dir, "store", receiver.FileName), args...))
		to := endpoints()[0]
		first.pushed(t, &to)
	})
}

// reason is why an exporter ends, in its log.
var reason = regexp.MustCompile(`level=error .* err="((?:[^"\\]|\\.)*)"`)

// runRefused runs an exporter that must not start, and says why and of which file.
func runRefused(t *testing.T, says, file string, args ...string) string {
	t.Helper()
	args = append([]string{"--web.listen-address=127.0.0.1:0", "--push.listen-address=127.0.0.1:0"}, args...)
	return refused(t, program.Start(t, "power_exporter", nil, underTest, args...), says, file)
}

// refused waits for the end of an exporter that must not start.
func refused(t *testing.T, p *program.Program, says, file string) string {
	t.Helper()
	p.Wait(t)
	log := p.Stderr()
	noSecret(t, "the log", log)
	if p.Code() != 1 || !strings.Contains(log, says) || !strings.Contains(log, file) {
		t.Errorf("it ended with %d, want 1, with %q and %q in\n%s", p.Code(), says, file, log)
	}
	if strings.Contains(log, "goroutine ") {
		t.Errorf("it died:\n%s", log)
	}
	found := reason.FindStringSubmatch(log)
	if found == nil {
		t.Fatalf("the log does not say why:\n%s", log)
	}
	return strings.ReplaceAll(found[1], `\"`, `"`)
}
