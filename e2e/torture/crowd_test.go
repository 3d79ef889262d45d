package torture

import (
	"io"
	"net"
	"testing"
	"time"

	"power_exporter/e2e/program"
)

// crowd is more connections than the 8,192 that the listener for pushes holds.
const crowd = 8300

// TestTooManyConnections opens more connections to the listener for pushes than
// it holds. Those that are too many are closed, the rest of the exporter works, and
// when they are gone pushes are taken again.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	e := startReceiver(t)
	to := endpoints()[0]
	e.pushed(t, &to)
	var open []net.Conn
	closeAll := func() {
		for _, c := range open {
			_ = c.Close()
		}
	}
	defer closeAll()
	for range crowd {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", e.push)
		if err != nil {
			t.Fatalf("connection %d: %v", len(open), err)
		}
		open = append(open, c)
	}
	last := open[len(open)-1]
	if err := last.SetReadDeadline(time.Now().Add(program.Patience)); err != nil {
		t.Fatal(err)
	}
	if n, err := last.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("connection %d is open: %d, %v", len(open), n, err)
	}
	if status, _ := e.get(t, "/-/healthy"); status != 200 {
		t.Errorf("/-/healthy: %d", status)
	}
	if up := e.own(t)[`power_device_up{device="ups-full"}`]; up != "1" {
		t.Errorf("the device is up: %q", up)
	}
	closeAll()
	program.Eventually(t, "pushes are taken again", func() error {
		c, err := net.Dial("tcp", e.push) //nolint:noctx // it is on this machine
		if err != nil {
			return err
		}
		defer c.Close()
		if _, err := io.WriteString(c, post(to.target, to.good)); err != nil {
			return err
		}
		if err := c.SetReadDeadline(time.Now().Add(program.Patience)); err != nil {
			return err
		}
		_, err = c.Read(make([]byte, 1))
		return err
	})
	e.pushed(t, &to)
}
