package torture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"power_exporter/e2e/program"
	"power_exporter/receiver"
)

// onSmallDisk has the exporter run with a file system of its own of 1 MiB at the
// folder. Whoever is not root gets a user namespace for that.
func onSmallDisk(folder string) func(*exec.Cmd) {
	return func(c *exec.Cmd) {
		c.SysProcAttr.Cloneflags = syscall.CLONE_NEWNS
		if os.Getuid() != 0 {
			c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
			c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
			c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
		}
		script := `mount --make-rprivate / && mount -t tmpfs -o size=1m none "$0" && exec "$@"`
		c.Args = append([]string{"sh", "-c", script, folder}, append([]string{c.Path}, c.Args[1:]...)...)
		c.Path = "/bin/sh"
	}
}

// tortureFullDisk pushes until the disk is full. What was accepted stays, what is
// refused is said to be, and when there is space again pushes are taken again.
func tortureFullDisk(t *testing.T, seen *notes) {
	t.Helper()
	dir := room(t)
	write(t, dir, "secret", secret+"\n")
	store := filepath.Join(dir, "store")
	if err := os.Mkdir(store, 0o700); err != nil {
		t.Fatal(err)
	}
	e := startExporter(t, true, onSmallDisk(store), "--config.file="+write(t, dir, "config.yml", receiverConfig), "--storage.path="+store)
	// The exporter's own file system, seen from here.
	filler := filepath.Join("/proc", strconv.Itoa(e.PID()), "root", store, "filler")
	if err := os.WriteFile(filler, make([]byte, 400<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for ; ; taken++ {
		status, said := e.pushOf(t, taken)
		if status == http.StatusServiceUnavailable {
			if !strings.Contains(said, "the push could not be stored") {
				t.Errorf("the device is told %s", said)
			}
			seen.add("disk full, at a push", "refuses the push with 503", message.FindStringSubmatch(said)[1])
			break
		}
		if status != http.StatusOK || taken > 2000 {
			t.Fatalf("push %d: %d %s", taken, status, said)
		}
	}
	own := e.own(t)
	up := 0
	for name, value := range own {
		if family(name) == "power_device_up" && value == "1" {
			up++
		}
	}
	if up != taken || taken == 0 {
		t.Errorf("%d devices are up, and %d pushes were accepted", up, taken)
	}
	if n := own[`power_exporter_pushes_total{receiver="powersentrix",result="not_stored"}`]; n != "1" {
		t.Errorf("%s pushes were not stored, want 1", n)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	program.Eventually(t, "pushes are taken again", func() error {
		if status, said := e.pushOf(t, taken); status != http.StatusOK {
			return errors.New(said)
		}
		return nil
	})
}

// pushOf makes the push of one of many UPSes.
func (e *exporter) pushOf(t *testing.T, n int) (status int, said string) {
	t.Helper()
	name := fmt.Sprint("ups-", n)
	to := endpoints()[0]
	c := connect(t, e.push)
	defer c.Close()
	body := strings.ReplaceAll(to.good, "ups-full", name)
	if _, err := io.WriteString(c, post("/api/setUpsData?cmm="+name+"&companyId="+url.QueryEscape(secret), body)); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	noSecret(t, "an answer", string(text))
	return answer.StatusCode, string(text)
}

// tortureReadOnly starts the exporter where it must not write: it says so and
// ends, whether or not there is a store already.
func tortureReadOnly(t *testing.T, seen *notes) {
	t.Helper()
	for _, there := range []bool{false, true} {
		t.Run(fmt.Sprint("store=", there), func(t *testing.T) {
			t.Parallel()
			dir := room(t)
			write(t, dir, "secret", secret+"\n")
			config := "--config.file=" + write(t, dir, "config.yml", receiverConfig)
			store := filepath.Join(dir, "store")
			if there {
				e := startExporter(t, true, nil, config, "--storage.path="+store)
				e.Stop(t)
			} else if err := os.Mkdir(store, 0o700); err != nil {
				t.Fatal(err)
			}
			readOnly := func(c *exec.Cmd) {
				onSmallDisk(store)(c)
				c.Args[2] = `mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"`
			}
			p := program.Start(t, "power_exporter", readOnly, underTest, "--web.listen-address=127.0.0.1:0", "--push.listen-address=127.0.0.1:0", config, "--storage.path="+store)
			said := refused(t, p, "read-only file system", filepath.Join(store, receiver.FileName))
			seen.add(map[bool]string{false: "disk read-only, no store yet", true: "disk read-only"}[there], "ends with 1", said)
		})
	}
}
