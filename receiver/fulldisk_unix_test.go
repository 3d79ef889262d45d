//go:build unix

package receiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// playFullDisk fills a store until the limit for a file's size, which stands
// for a full disk, goes on for a while, and then without a limit.
func playFullDisk() int {
	signal.Ignore(syscall.SIGXFSZ)
	if err := fullDisk(roleFolder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func fullDisk(folder string) error {
	s, err := Open(folder, Options{Kinds: fakeKinds(), Logger: quiet()})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	limit := syscall.Rlimit{}
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	unlimited := limit
	limit.Cur = 1 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	name := strings.Repeat("n", 4000)
	stored, refused := []string{}, 0
	for i := range 600 {
		device := strconv.Itoa(i)
		err := s.Update(context.Background(), fakeKey(device), reading(name, float64(i)))
		switch {
		case err == nil:
			stored = append(stored, device)
		case errors.Is(err, ErrStorage) && strings.Contains(err.Error(), syscall.EFBIG.Error()):
			refused++
		default:
			return fmt.Errorf("push %d: %w", i, err)
		}
	}
	if refused == 0 || len(stored) == 0 || s.Len() != len(stored) {
		return fmt.Errorf("%d pushes were stored, %d refused, %d devices are there", len(stored), refused, s.Len())
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &unlimited); err != nil {
		return err
	}
	for i := range 300 {
		if err := s.Update(context.Background(), fakeKey("later"+strconv.Itoa(i)), reading(name, 1)); err != nil {
			return fmt.Errorf("with space again, push %d: %w", i, err)
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, err = Open(folder, Options{Kinds: fakeKinds(), Logger: quiet()}); err != nil {
		return err
	}
	for _, device := range stored {
		if d, ok := s.Device(device); !ok || d.Inlets[0].Voltage.String() != device {
			return fmt.Errorf("device %s is lost", device)
		}
	}
	if s.Len() != len(stored)+300 {
		return fmt.Errorf("%d devices are there, want %d", s.Len(), len(stored)+300)
	}
	fmt.Fprintf(os.Stdout, "%d stored, %d refused\n", len(stored), refused)
	return nil
}

func TestAFullDisk(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), roleFolder)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), roleVariable+"=full disk")
	child.Dir = filepath.Dir(folder)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	t.Logf("%s", out)
	sound(t, folder)
}
