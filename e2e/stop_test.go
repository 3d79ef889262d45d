package e2e

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

// TestStop shows that an exporter that is told to end finishes the probe that
// is under way, takes no new one, and ends with code 0.
func TestStop(t *testing.T) {
	t.Parallel()
	server, address := startNUTSim(t, nutsim.Options{MaxClients: 1}, three...)
	e := startExporter(t)
	release := hold(t, address)
	answer := make(chan page)
	go func() {
		p, err := e.fetch(t.Context(), http.MethodGet, "/probe?module=nut&target="+address, nil)
		if err != nil {
			t.Errorf("the probe that was under way: %v", err)
		}
		answer <- p
	}()
	program.Eventually(t, "a probe is under way", func() error {
		if n := server.Stats().Open; n != 2 {
			return fmt.Errorf("%d connections", n)
		}
		return nil
	})
	e.Signal(t, syscall.SIGTERM)
	e.logs(t, "msg=stopping")
	program.Eventually(t, "nothing new is accepted", func() error {
		if accepts(t, e.address) {
			return errors.New("it was")
		}
		return nil
	})
	if e.HasEnded() {
		t.Error("it ended before the probe did")
	}
	release()
	p := <-answer
	p.want(t, map[string]string{"probe_success": "1", `power_device_up{device="epdu"}`: "1"})
	e.Wait(t)
	if e.Code() != 0 {
		t.Errorf("exit code %d", e.Code())
	}
}

// accepts says whether somebody accepts connections at the address.
func accepts(t *testing.T, address string) bool {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// TestInterrupt shows that Ctrl-C ends an idle exporter as well.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	e := startExporter(t)
	e.Signal(t, syscall.SIGINT)
	e.Wait(t)
	if e.Code() != 0 {
		t.Errorf("exit code %d", e.Code())
	}
}
