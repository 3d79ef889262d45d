package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// exporter is a running exporter.
type exporter struct {
	command *exec.Cmd
	folder  string
	address string
	push    string // address to which devices push
	client  *http.Client
	started time.Duration // how long it took to answer
	log     bytes.Buffer
}

// start runs the exporter with a configuration, and waits until it answers.
func start(ctx context.Context, s settings, configuration string) (e *exporter, err error) {
	folder, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(folder)
		}
	}()
	file := filepath.Join(folder, "power_exporter.yml")
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	address, push, err := freeAddresses(ctx)
	if err != nil {
		return nil, err
	}
	e = &exporter{folder: folder, address: address, push: push, client: &http.Client{
		Timeout: time.Minute,
		// As Prometheus asks, but nobody looks into the answer.
		Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: workers},
	}}
	e.command = exec.CommandContext(ctx, s.exporter, //nolint:gosec // it is what is to be measured
		"--config.file="+file, "--web.listen-address="+address, "--push.listen-address="+push, "--storage.path="+filepath.Join(folder, "store"), "--log.level=error")
	e.command.Stderr = &e.log
	began := time.Now()
	if err := e.command.Start(); err != nil {
		return nil, err
	}
	if err := e.awake(ctx); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	e.started = time.Since(began)
	return e, nil
}

// freeAddresses are two addresses at which nobody listens.
func freeAddresses(ctx context.Context) (first, second string, err error) {
	var config net.ListenConfig
	a, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	b, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", errors.Join(err, a.Close())
	}
	return a.Addr().String(), b.Addr().String(), errors.Join(a.Close(), b.Close())
}

// awake waits until the exporter answers.
func (e *exporter) awake(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		_, err := e.get(ctx, "/-/ready")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the exporter does not answer: %w\n%s", err, e.log.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// stop ends the exporter as a service manager does.
func (e *exporter) stop() error {
	e.client.CloseIdleConnections()
	err := e.command.Process.Signal(syscall.SIGTERM)
	if waited := e.command.Wait(); waited != nil {
		err = errors.Join(err, fmt.Errorf("the exporter ended with %w\n%s", waited, e.log.String()))
	}
	return errors.Join(err, os.RemoveAll(e.folder))
}

// get asks for a path as Prometheus does, and gives the size of the answer.
func (e *exporter) get(ctx context.Context, path string) (bytes int64, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+e.address+path, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := e.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	bytes, err = io.Copy(io.Discard, answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s was answered with %s", path, answer.Status)
	}
	return bytes, err
}

// cpu is the processor time that the exporter has taken so far.
func (e *exporter) cpu() (time.Duration, error) { return cpuOf(strconv.Itoa(e.command.Process.Pid)) }

// tick is in what Linux counts processor time: 100 are a second.
const tick = 10 * time.Millisecond

// cpuOf is the processor time of a process, to a tick: fields 14 and 15 of its
// stat in proc(5).
func cpuOf(process string) (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join("/proc", process, "stat")) //nolint:gosec // of the kernel
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	ticks := 0
	for _, at := range []int{11, 12} { // the name and the number of the process are gone
		n, err := strconv.Atoi(fields[at])
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// resident is the exporter's resident memory in MB.
func (e *exporter) resident() (float64, error) {
	file, err := os.Open(filepath.Join("/proc", strconv.Itoa(e.command.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if size, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kB, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(size, "kB")), 64)
			return kB * 1024 / 1e6, err
		}
	}
	return 0, errors.New("the kernel does not tell the resident memory")
}

// idle leaves the exporter alone until its resident memory has not shrunk for a
// while, and gives what it is then.
func (e *exporter) idle(ctx context.Context, most time.Duration) (float64, error) {
	const enough = 30 * time.Second
	least, err := e.resident()
	if err != nil {
		return 0, err
	}
	began, since := time.Now(), time.Now()
	for time.Since(began) < most && time.Since(since) < enough {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Second):
		}
		now, err := e.resident()
		if err != nil {
			return 0, err
		}
		if now < least-0.5 {
			least, since = now, time.Now()
		}
	}
	return least, nil
}
