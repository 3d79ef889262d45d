package config

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Reloader holds the configuration in force, and replaces it by a newer one
// that is good. Its methods are safe for concurrent use.
type Reloader struct {
	path    string
	logger  *slog.Logger
	done    func(*Config, error)
	current atomic.Pointer[Config]
	last    atomic.Pointer[Attempt]

	mu     sync.Mutex // held while a file is loaded
	seen   *files     // of the last attempt, good or bad
	loaded bool       // whether an attempt was good
}

// NewReloader makes a Reloader of the file at path, or of no file if path is
// empty. Until the first Reload, Default is in force. After every attempt done,
// if not nil, is called with the configuration now in force and the error, one
// call at a time; it must not call Reload.
func NewReloader(path string, logger *slog.Logger, done func(inForce *Config, err error)) *Reloader {
	if done == nil {
		done = func(*Config, error) {}
	}
	r := &Reloader{path: path, logger: logger, done: done, seen: newFiles()}
	r.current.Store(Default())
	return r
}

// Current is the configuration in force. It is never nil and must not be
// modified.
func (r *Reloader) Current() *Config {
	return r.current.Load()
}

// Attempt is how it went to load the configuration.
type Attempt struct {
	At    time.Time // the zero time if there was none yet
	Err   error     // what is wrong with the files, without any secret; nil if nothing is
	Since time.Time // since when the configuration in force is; the zero time for Default
}

// Last is the last attempt to load the configuration.
func (r *Reloader) Last() Attempt {
	if last := r.last.Load(); last != nil {
		return *last
	}
	return Attempt{}
}

// Reload loads the file and every file it names. If something is wrong with
// them, the configuration in force stays. The outcome is logged.
func (r *Reloader) Reload() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reload()
}

// Watch reloads whenever the file, or a file it names, has another content than
// at the last attempt. It looks every interval, which must not be 0, until ctx
// is done, and then returns. What made an attempt fail is not tried again until it changes.
func (r *Reloader) Watch(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.reloadIfChanged()
		}
	}
}

func (r *Reloader) reloadIfChanged() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen.changed() {
		_ = r.reload() // logged there, and there is nobody to return it to
	}
}

// reload is Reload with r.mu held.
func (r *Reloader) reload() error {
	r.seen = newFiles()
	c, err := load(r.path, r.seen)
	attempt := &Attempt{At: time.Now(), Err: err, Since: r.Last().Since}
	if err == nil {
		attempt.Since = attempt.At
	}
	r.last.Store(attempt)
	if err == nil {
		r.current.Store(c)
		r.loaded = true
		r.logger.Info("configuration loaded", "file", cmp.Or(r.path, "none"), "auths", len(c.Auths), "modules", len(c.Modules), "targets", len(c.Targets))
		// Files that are named are left out: Kubernetes mounts them like this, and
		// nobody else is in there.
		if r.seen.inline && forEverybody(r.path) {
			r.logger.Warn("every user of this machine can read the secrets in the configuration: use keys that end in _file, or chmod o-r", "file", r.path)
		}
	}
	for _, problem := range split(err) {
		r.logger.Error("configuration not loaded", "err", problem)
	}
	if err != nil && r.loaded {
		r.logger.Warn("the previous configuration stays in force")
	}
	r.done(r.Current(), err)
	return err
}

// split are the errors that were joined to err.
func split(err error) []error {
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
