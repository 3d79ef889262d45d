package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// run runs an ip command.
func (l *Link) run(ctx context.Context, args ...string) error {
	_, err := l.output(ctx, args...)
	return err
}

// output runs an ip command and returns what it prints.
func (l *Link) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, l.ip, args...) //nolint:gosec // only names and addresses of our own plan
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}

// removeNamespace kills what runs in the namespace, since a namespace lives as
// long as a process is in it, and deletes it. The link must go even when the
// context it was made with is done, so this has a time of its own.
func (l *Link) removeNamespace() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := l.output(ctx, "netns", "pids", l.name)
	errs := []error{err}
	for field := range strings.FieldsSeq(string(out)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			errs = append(errs, fmt.Errorf("reading the processes of namespace %s: %w", l.name, err))
			continue
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			errs = append(errs, fmt.Errorf("killing process %d of namespace %s: %w", pid, l.name, err))
		}
	}
	return errors.Join(append(errs, l.run(ctx, "netns", "delete", l.name))...)
}
