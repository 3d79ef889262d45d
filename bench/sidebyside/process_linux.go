package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// process is an exporter that runs.
type process struct {
	url    string // without the slash at the end
	http   *http.Client
	cmd    *exec.Cmd
	cancel context.CancelFunc
	said   chan struct{} // closed when it says no more
}

// listening is what exporters log of their address.
var listening = regexp.MustCompile(`Listening on.*address=(\S+)`)

// start starts an exporter on any free port and waits until it listens.
func start(ctx context.Context, program string, args ...string) (*process, error) {
	ctx, cancel := context.WithCancel(ctx)
	args = append(args, "--web.listen-address=127.0.0.1:0")
	p := &process{
		http:   &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: time.Minute},
		cmd:    exec.CommandContext(ctx, program, args...), //nolint:gosec // the flags say which
		cancel: cancel,
		said:   make(chan struct{}),
	}
	log, err := p.cmd.StderrPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(program), err)
	}
	address, text := make(chan string, 1), strings.Builder{}
	go func() {
		defer close(p.said)
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if found := listening.FindStringSubmatch(lines.Text()); found != nil {
				address <- found[1]
				_, _ = io.Copy(io.Discard, log) // or it would block
				return
			}
			text.WriteString(lines.Text() + "\n")
		}
	}()
	select {
	case found := <-address:
		p.url = "http://" + found
		return p, nil
	case <-p.said:
		p.stop()
		return nil, fmt.Errorf("%s does not listen: %s", filepath.Base(program), text.String())
	}
}

// stop ends the exporter.
func (p *process) stop() {
	p.cancel()
	<-p.said
	_ = p.cmd.Wait() // killed, as it was meant to be
	p.http.CloseIdleConnections()
}

// reload makes the exporter forget what it has learned, and let its connections
// go.
func (p *process) reload(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/-/reload", nil)
	if err != nil {
		return err
	}
	answer, err := p.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("reloading: %s", answer.Status)
	}
	return nil
}
