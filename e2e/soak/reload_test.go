package soak

import (
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"power_exporter/e2e/secrets"
)

// signalPatience is how long a reload by signal may take: it waits for pushes
// under way, of which there are very many.
const signalPatience = 3 * time.Minute

// everyTarget chooses all for a configuration.
func everyTarget(*device) bool { return true }

// noTarget chooses none.
func noTarget(*device) bool { return false }

// reloadAll reloads again and again until ctx ends: configurations with more
// and fewer targets, and such as must not be taken. All of them leave those
// targets where they are that must be there. Now and then the UPSes that push
// are of a company that it does not know any more.
func (l *load) reloadAll(ctx context.Context, r *rand.Rand) {
	restore := func() {}
	spaced(ctx, max(*soakTime/60, 2*time.Second), func() {
		restore()
		restore = func() {}
		text := l.configuration(func(d *device) bool { return d.role != coming || r.IntN(2) == 0 })
		switch r.IntN(8) {
		case 0:
			l.reloadWith(ctx, l.configuration(everyTarget), http.StatusOK)
		case 1, 2:
			l.reloadWith(ctx, text, http.StatusOK)
		case 3:
			l.reloadWith(ctx, text+"\nmodules: soon\n", http.StatusInternalServerError)
			l.write("config.yml", text)
		case 4:
			l.without(ctx, "config.yml")
		case 5:
			l.without(ctx, []string{"secret", "company", "hook", "ca.pem"}[r.IntN(4)])
		case 6:
			l.write("config.yml", text)
			l.hangUp(ctx)
		case 7:
			l.write("company", secrets.New()+"\n")
			l.reloadWith(ctx, text, http.StatusOK)
			restore = func() {
				l.write("company", l.company+"\n")
				l.reload(ctx, http.StatusOK)
			}
		}
	})
	restore()
}

// reloadWith reloads a configuration, which must end with the status.
func (l *load) reloadWith(ctx context.Context, text string, status int) {
	l.write("config.yml", text)
	l.reload(ctx, status)
}

// reload reloads what there is, which must end with the status.
func (l *load) reload(ctx context.Context, status int) {
	p, err := l.fetch(context.WithoutCancel(ctx), http.MethodPost, "/-/reload", nil)
	if err != nil || p.status != status {
		l.problems.add("a reload ended otherwise", "status %d, want %d, %v: %s", p.status, status, err, p.body)
	}
	l.counts.reload(status, p.took)
}

// without reloads while a file is missing.
func (l *load) without(ctx context.Context, name string) {
	path := filepath.Join(l.dir, name)
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		l.problems.add("a file of the configuration is not there", "%v", err)
		return
	}
	l.reload(ctx, http.StatusInternalServerError)
	l.write(name, string(text))
	l.reload(ctx, http.StatusOK)
}

// hangUp reloads by a signal, and waits until that is done.
func (l *load) hangUp(ctx context.Context) {
	const when = "power_exporter_config_last_reload_success_timestamp_seconds"
	loaded := func() float64 {
		p, _ := l.get(context.WithoutCancel(ctx), "/metrics", nil, http.StatusOK)
		return p.number(when)
	}
	before, begun := loaded(), time.Now()
	l.Signal(l.t, syscall.SIGHUP)
	waiting, cancel := context.WithTimeout(context.WithoutCancel(ctx), signalPatience)
	defer cancel()
	done, stop := context.WithCancel(waiting)
	defer stop()
	every(done, 50*time.Millisecond, func() {
		if loaded() > before {
			stop()
		}
	})
	if waiting.Err() != nil {
		l.problems.add("a reload by signal did not come", "within %s", signalPatience)
	}
	l.counts.reload(http.StatusOK, time.Since(begun))
}
