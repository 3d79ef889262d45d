package config

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// attempts records what a Reloader reports. It has no lock, since a Reloader
// reports one attempt at a time.
type attempts struct {
	good, bad int
	last      *Config
}

func (a *attempts) note(c *Config, err error) {
	a.last = c
	if err != nil {
		a.bad++
		return
	}
	a.good++
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestReloadKeepsTheOld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := write(t, dir, "config.yml", "modules: {rack: {collector: nut}}")
	var seen attempts
	var log bytes.Buffer
	r := NewReloader(path, slog.New(slog.NewTextHandler(&log, nil)), seen.note)
	if len(r.Current().Modules) != len(collectors) || seen.last != nil {
		t.Error("before the first Reload the default is not in force")
	}
	if err := r.Reload(); err != nil {
		t.Fatal(err)
	}
	good := r.Current()
	if len(good.Modules) != len(collectors)+1 || seen.good != 1 || seen.last != good {
		t.Errorf("got %+v after %+v", good, seen)
	}

	write(t, dir, "config.yml", "modules: {rack: {collector: x}}\ntargets: [{}]")
	err := r.Reload()
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("want four problems, got %v", err)
	}
	if r.Current() != good || seen.bad != 1 || seen.last != good {
		t.Errorf("the old one is not kept: %+v", seen)
	}
	if got := strings.Count(log.String(), `msg="configuration not loaded" err=`); got != 4 {
		t.Errorf("want a line in the log for each problem, got\n%s", log.String())
	}
	if got := strings.Count(log.String(), `msg="the previous configuration stays in force"`); got != 1 {
		t.Errorf("want one line that says which one is in force, got\n%s", log.String())
	}

	write(t, dir, "config.yml", "")
	if err := r.Reload(); err != nil || len(r.Current().Modules) != len(collectors) || seen.good != 2 {
		t.Errorf("got %v, %+v", err, seen)
	}
}

// TestLastAttempt shows what is known of the last attempt, and since when the
// configuration in force is.
func TestLastAttempt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := write(t, dir, "config.yml", "")
	synctest.Test(t, func(t *testing.T) {
		r := NewReloader(path, quiet(), nil)
		if got := r.Last(); got != (Attempt{}) {
			t.Errorf("before the first attempt: %+v", got)
		}
		start := time.Now()
		for i, step := range []struct {
			text  string
			good  bool
			since time.Duration // from the start
		}{
			{"modules: {a: {collector: x}}", false, -1},
			{"modules: {a: {collector: nut}}", true, time.Minute},
			{"auths: {a: {username: u, passwort: hush}}", false, time.Minute},
			{"targets: [{}]", false, time.Minute},
			{"", true, 4 * time.Minute},
		} {
			write(t, dir, "config.yml", step.text)
			err := r.Reload()
			want := Attempt{At: start.Add(time.Duration(i) * time.Minute), Err: err}
			if step.since >= 0 {
				want.Since = start.Add(step.since)
			}
			if got := r.Last(); got != want || (err == nil) != step.good || err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("%q: %+v, want %+v", step.text, got, want)
			}
			<-time.After(time.Minute)
		}
	})
}

func TestReloadReadsSecretsAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := write(t, dir, "config.yml", "auths: {a: {username: u, password_file: secret}}")
	write(t, dir, "secret", "one\n")
	r := NewReloader(path, quiet(), nil)
	for _, want := range []string{"one", "two"} {
		write(t, dir, "secret", want+"\n")
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		a := r.Current().Auths["a"]
		if _, got := a.Credentials(); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

func TestReloadWithoutFile(t *testing.T) {
	t.Parallel()
	var seen attempts
	r := NewReloader("", quiet(), seen.note)
	if err := r.Reload(); err != nil || seen.good != 1 || len(r.Current().Modules) != len(collectors) {
		t.Errorf("got %v, %+v", err, seen)
	}
}

func TestReloadConcurrently(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := write(t, dir, "config.yml", "auths: {a: {username: u, password_file: secret, targets: ['*']}}")
	write(t, dir, "secret", password)
	var seen attempts
	r := NewReloader(path, quiet(), seen.note)
	if err := r.Reload(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if err := r.Reload(); err != nil {
					t.Error(err)
				}
				r.reloadIfChanged()
			}
		})
		wg.Go(func() {
			for range 20 {
				resolved, err := r.Current().Resolve(Query{Target: "ups1", Module: "nut", Auth: "a"})
				if err != nil {
					t.Error(err)
					continue
				}
				if _, got := resolved.Auth.Credentials(); got != password {
					t.Errorf("got %s", got)
				}
				if _, err := r.Current().Redacted(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if seen.good != 161 || seen.bad != 0 {
		t.Errorf("got %+v", seen)
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	cert, key := keyPair(t)
	otherCert, _ := keyPair(t)
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		text := "auths: {a: {username: u, password_file: secret}}\nmodules: {nut: {nut: {starttls: on}, tls_config: {ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem}}}"
		path := write(t, dir, "config.yml", text)
		write(t, dir, "secret", "one")
		write(t, dir, "ca.pem", cert)
		write(t, dir, "cert.pem", cert)
		write(t, dir, "key.pem", key)
		var good, bad atomic.Int64
		r := NewReloader(path, quiet(), func(_ *Config, err error) {
			if err != nil {
				bad.Add(1)
			} else {
				good.Add(1)
			}
		})
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.Watch(ctx, time.Minute)
		}()

		// after waits for three looks and compares what they reported.
		after := func(what string, wantGood, wantBad int64) {
			t.Helper()
			good.Store(0)
			bad.Store(0)
			<-time.After(3*time.Minute + time.Second)
			synctest.Wait()
			if good.Load() != wantGood || bad.Load() != wantBad {
				t.Errorf("%s: want %d good and %d bad attempts, got %d and %d", what, wantGood, wantBad, good.Load(), bad.Load())
			}
		}
		remove := func(name string) {
			t.Helper()
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		after("nothing changed", 0, 0)
		write(t, dir, "other", "x")
		after("a file that is not named", 0, 0)
		write(t, dir, "secret", "two")
		after("a new secret", 1, 0)
		a := r.Current().Auths["a"]
		if _, got := a.Credentials(); got != "two" {
			t.Errorf("the new secret is not in force: %s", got)
		}
		write(t, dir, "secret", "two")
		after("written again", 0, 0)
		write(t, dir, "ca.pem", otherCert)
		after("a new authority", 1, 0)
		write(t, dir, "key.pem", "none")
		after("a bad key", 0, 1)
		write(t, dir, "key.pem", key)
		after("a good key", 1, 0)
		remove("secret")
		after("no secret", 0, 1)
		write(t, dir, "secret", "three")
		after("a secret again", 1, 0)

		inForce := r.Current()
		write(t, dir, "config.yml", "modules: [")
		after("a bad file", 0, 1)
		write(t, dir, "secret", "four")
		after("what a bad file does not name", 0, 0)
		write(t, dir, "config.yml", "module: [")
		after("another bad file", 0, 1)
		remove("config.yml")
		after("no file", 0, 1)
		if r.Current() != inForce {
			t.Error("the old one is not kept")
		}
		write(t, dir, "config.yml", text)
		after("the old file again", 1, 0)

		write(t, dir, "config.yml", text+"\n")
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		after("a change that was loaded already", 0, 0)

		cancel()
		<-done
		write(t, dir, "config.yml", "")
		after("after the end", 0, 0)
	})
}

func TestWatchWithoutFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen attempts
		r := NewReloader("", quiet(), seen.note)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		r.Watch(ctx, time.Minute)
		if seen.good+seen.bad != 0 {
			t.Errorf("got %+v", seen)
		}
	})
}

// TestPipesAreNotWatched: reading one takes away what is in it.
func TestPipesAreNotWatched(t *testing.T) {
	t.Parallel()
	if got := sum(os.DevNull); got != (checksum{}) {
		t.Errorf("got %x", got)
	}
}

// TestSecretsForEverybody finds out who is warned of secrets that every user of
// the machine can read.
func TestSecretsForEverybody(t *testing.T) {
	t.Parallel()
	const inline = "auths: {rack: {username: u, password: hush}}"
	for _, tt := range []struct {
		name, config string
		mode         os.FileMode
		warned       bool
	}{
		{"everybody's, with a secret", inline, 0o644, true},
		{"the group's, with a secret", inline, 0o640, false},
		{"everybody's, with the name of a file", "auths: {rack: {username: u, password_file: password}}", 0o644, false},
		{"everybody's, without secrets", "modules: {rack: {collector: nut}}", 0o644, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "password", "hush")
			path := write(t, dir, "config.yml", tt.config)
			if err := os.Chmod(path, tt.mode); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			if err := NewReloader(path, slog.New(slog.NewTextHandler(&log, nil)), nil).Reload(); err != nil {
				t.Fatal(err)
			}
			if warned := strings.Contains(log.String(), "level=WARN"); warned != tt.warned {
				t.Errorf("warned is %v, want %v:\n%s", warned, tt.warned, log.String())
			}
		})
	}
}
