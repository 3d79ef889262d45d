package torture

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/e2e/program"
	"power_exporter/receiver"
	"power_exporter/receiver/powersentrix"
)

// storeOf makes a store with a push that was taken at a time, by the clock of
// then, which may be in the future.
func storeOf(t *testing.T, folder string, at time.Time) {
	t.Helper()
	program.Eventually(t, "the store is made", func() (err error) {
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
		synctest.Test(t, func(t *testing.T) {
			// The clock of the bubble begins in 2000.
			<-time.After(time.Until(at))
			err = makeStore(t.Context(), folder)
		})
		// A program that is just being started has our files, locks included, for
		// a moment, and in a bubble no moment passes.
		if err != nil && !errors.Is(err, receiver.ErrLocked) {
			t.Fatal(err)
		}
		return err
	})
}

// makeStore makes a store with a push that is taken now.
func makeStore(ctx context.Context, folder string) error {
	to := endpoints()[0]
	target, err := url.Parse(to.target)
	if err != nil {
		return err
	}
	o := powersentrix.Options{}
	s, err := receiver.Open(folder, receiver.Options{
		Kinds: map[string]receiver.Kind{powersentrix.Name: o.Kind()}, TotalDevices: 10, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	senders, err := receiver.NewSenders(map[string]string{"acme": secret})
	if err == nil {
		_, err = o.Endpoint(s, senders).Accept(ctx, receiver.Push{Sender: "acme", Path: target.Path, Query: target.Query(), Body: []byte(to.good)})
	}
	return errors.Join(err, s.Close())
}

// TestStoreOfAnotherClock starts the exporter with a store that was written when
// the clock was wrong: a device is never seen in the future, and ages from then on.
func TestStoreOfAnotherClock(t *testing.T) {
	t.Parallel()
	to := endpoints()[0]
	for _, tt := range []struct {
		name string
		at   time.Duration // from now
		up   string
	}{
		{"ahead by years", 3 * 365 * 24 * time.Hour, "1"},
		{"ahead by an hour", time.Hour, "1"},
		{"right", -time.Minute, "1"},
		{"behind by a day", -24 * time.Hour, "0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := room(t)
			write(t, dir, "secret", secret+"\n")
			begun := time.Now()
			storeOf(t, dir+"/store", begun.Add(tt.at))
			e := startExporter(t, true, nil, "--config.file="+write(t, dir, "config.yml", receiverConfig), "--storage.path="+dir+"/store")
			own := e.own(t)
			if up := own[fmt.Sprintf("power_device_up{device=%q}", to.device)]; up != tt.up {
				t.Errorf("it is up: %q, want %s", up, tt.up)
			}
			seen := own.number(t, fmt.Sprintf("power_device_last_seen_timestamp_seconds{device=%q}", to.device))
			if now := float64(time.Now().UnixMilli()) / 1000; seen > now {
				t.Errorf("it was last seen in %g s", seen-now)
			}
			e.pushed(t, &to)
			own = e.own(t)
			if up := own[fmt.Sprintf("power_device_up{device=%q}", to.device)]; up != "1" {
				t.Errorf("after a push it is up: %q", up)
			}
		})
	}
}

// TestClocksOfDevices reads devices whose clocks are wrong. Their tokens have
// ended by our clock, or begin in the future, and are good all the same: there is
// one log-in, and no failure.
func TestClocksOfDevices(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-50 * time.Minute, 50 * time.Minute} {
		t.Run(skew.String(), func(t *testing.T) {
			t.Parallel()
			now := func() time.Time { return time.Now().Add(skew) }
			model := emssim.MustRecorded("site")
			model.Fresh = true
			ems := emssim.New(emssim.Options{Now: now, Users: []emssim.User{{Name: "u", Password: secret, Role: emssim.RoleAPI}}}, model)
			unit := powersentrixsim.NewUPS(powersentrixsim.Options{}, powersentrixsim.MustRecorded("full"))
			portal := powersentrixsim.NewPortal(powersentrixsim.PortalOptions{
				Now: now, TokenLife: 30 * time.Minute, Users: []powersentrixsim.User{{Email: "u", Password: secret}},
			}, powersentrixsim.Entry{ID: "42", Name: "one", UPS: unit})
			pulse := powerpulsesim.New(powerpulsesim.Options{
				Now: now, TokenLife: 30 * time.Minute, Users: []powerpulsesim.User{{Name: "u", Password: secret}},
			}, powerpulsesim.MustRecorded("running"))
			cloud := cloudtraxsim.New(cloudtraxsim.Options{Keys: []cloudtraxsim.Key{{Key: "k", Secret: secret}}, ClockOffset: skew}, cloudtraxsim.Office())
			at := func(sim http.Handler) string { return newDevice(t, sim, nil, false).url }
			dir := room(t)
			write(t, dir, "secret", secret+"\n")
			e := startExporter(t, false, nil, "--config.file="+write(t, dir, "config.yml", `
auths:
  user: {username: u, password_file: secret}
  key: {key: k, secret_file: secret}
modules:
  portal: {collector: powersentrix, powersentrix: {mode: portal}}
  cloudtrax: {cache_ttl: 0s, cloudtrax: {url: "`+at(played(t, cloud))+`"}}
targets:
  - {name: ems, address: "`+at(played(t, ems))+`", module: ems, auth: user}
  - {name: portal, address: "`+at(played(t, portal))+`", module: portal, auth: user}
  - {name: pulse, address: "`+at(played(t, pulse))+`", module: powerpulse, auth: user}
  - {name: cloud, address: "23456", module: cloudtrax, auth: key}
`))
			for _, target := range []string{"ems", "portal", "pulse", "cloud"} {
				for range 5 {
					if a := e.probe(t, target); a.said != "" || a.series.devices() == "none" {
						t.Errorf("%s: %s: %s", target, a.series.devices(), a.said)
					}
				}
			}
			for target, logins := range map[string]int{"ems": ems.Stats().Logins, "portal": portal.Stats().Logins, "pulse": pulse.Stats().Logins} {
				if logins != 1 {
					t.Errorf("%s: %d log-ins, want 1", target, logins)
				}
			}
		})
	}
}
