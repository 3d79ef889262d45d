// Command power_exporter exports the readings of power equipment to Prometheus.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/client_golang/prometheus"
	promcollectors "github.com/prometheus/client_golang/prometheus/collectors"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"
	"github.com/prometheus/common/version"
	toolkit "github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/probe"
	"power_exporter/web"
)

// stopTime is how long requests under way may take once the process was told
// to stop.
const stopTime = 10 * time.Second

// flags are the command line.
type flags struct {
	configFile         string
	configCheck        bool
	autoReload         bool
	autoReloadInterval time.Duration
	lifecycle          bool
	externalURL        string
	timeoutOffset      time.Duration
	logLevel           string
	logFormat          string
	listen             *toolkit.FlagConfig
	pushListen         *toolkit.FlagConfig
	storagePath        string
	once               bool
	onceTarget         string
	onceModule         string
	onceAuth           string
	onceParameters     map[string]string
	onceDebug          bool
}

func parse(arguments []string) flags {
	f := flags{onceParameters: map[string]string{}}
	app := kingpin.New("power_exporter", "Prometheus exporter for power equipment: UPSes, PDUs and meters.")
	app.Version(version.Print("power_exporter"))
	app.HelpFlag.Short('h')
	app.UsageWriter(os.Stdout)
	app.Flag("config.file", "Configuration file. Without one there is a module of each kind, with defaults.").StringVar(&f.configFile)
	app.Flag("config.check", "Check the configuration file and the web configuration file, and exit.").BoolVar(&f.configCheck)
	app.Flag("config.auto-reload", "Reload the configuration when its file, or a file it names, has changed.").BoolVar(&f.autoReload)
	app.Flag("config.auto-reload-interval", "How often to look for changes.").Default("30s").DurationVar(&f.autoReloadInterval)
	app.Flag("web.external-url", "URL under which the exporter is reached, if that is not where it is asked: for /sd behind a proxy.").StringVar(&f.externalURL)
	app.Flag("web.enable-lifecycle", "Enable reloading the configuration by POST /-/reload.").BoolVar(&f.lifecycle)
	pushAddress := app.Flag("push.listen-address", "Where devices push to, once a receiver is configured.").Default(":10494").String()
	pushConfig := app.Flag("push.config.file", "Configuration file of TLS for the push listener.").Default("").String()
	app.Flag("storage.path", "Folder in which pushed readings survive a restart; counts before the configuration's.").StringVar(&f.storagePath)
	app.Flag("timeout-offset", "How much earlier than Prometheus' scrape timeout a probe ends.").Default("0.5s").DurationVar(&f.timeoutOffset)
	app.Flag("log.level", "Only log messages with the given severity or above.").Default("info").EnumVar(&f.logLevel, "debug", "info", "warn", "error")
	app.Flag("log.format", "Format of log messages.").Default("logfmt").EnumVar(&f.logFormat, "logfmt", "json")
	app.Flag("once", "Make one probe, print its metrics, and exit with 0 if it succeeded.").BoolVar(&f.once)
	app.Flag("target", "With --once: the target.").StringVar(&f.onceTarget)
	app.Flag("module", "With --once: the module.").StringVar(&f.onceModule)
	app.Flag("auth", "With --once: the auth.").StringVar(&f.onceAuth)
	app.Flag("param", "With --once: any other parameter of /probe, as NAME=VALUE.").StringMapVar(&f.onceParameters)
	app.Flag("debug", "With --once: list each request and the log as well.").BoolVar(&f.onceDebug)
	f.listen = kingpinflag.AddFlags(app, ":10493")
	kingpin.MustParse(app.Parse(arguments))
	f.pushListen = &toolkit.FlagConfig{WebListenAddresses: &[]string{*pushAddress}, WebSystemdSocket: new(bool), WebConfigFile: pushConfig}
	if flag := f.onlyForOnce(); flag != "" && !f.once {
		app.Fatalf("--%s is for one probe from the command line: add --once", flag)
	}
	if f.timeoutOffset < 0 {
		app.Fatalf("--timeout-offset is %s: it must not be less than 0s", f.timeoutOffset)
	}
	if f.autoReloadInterval <= 0 {
		app.Fatalf("--config.auto-reload-interval is %s: it must be more than 0s", f.autoReloadInterval)
	}
	return f
}

// onlyForOnce is a flag that was given and means something to --once alone, ""
// if there is none.
func (f *flags) onlyForOnce() string {
	switch {
	case f.onceTarget != "":
		return "target"
	case f.onceModule != "":
		return "module"
	case f.onceAuth != "":
		return "auth"
	case len(f.onceParameters) > 0:
		return "param"
	case f.onceDebug:
		return "debug"
	}
	return ""
}

// query is the parameters of the one probe.
func (f *flags) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{"target": f.onceTarget, "module": f.onceModule, "auth": f.onceAuth} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, value := range f.onceParameters {
		query.Set(name, value)
	}
	return query
}

func main() {
	f := parse(os.Args[1:])
	// net/http quotes there what servers send out of turn, which may repeat a
	// secret.
	log.SetOutput(io.Discard)
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.logLevel)); err != nil {
		kingpin.Fatalf("log.level: %v", err)
	}
	os.Exit(run(f, newLogger(os.Stderr, level, f.logFormat)))
}

// run does what the flags say and returns the exit code.
func run(f flags, logger *slog.Logger) int {
	if f.configCheck {
		return check(f)
	}
	self := exposition.NewSelf()
	pushes := newPushes(f, logger, self)
	var prober *probe.Prober
	loading := logger
	if f.once {
		loading = slog.New(calm{logger.Handler()})
	}
	reloader := config.NewReloader(f.configFile, loading, func(c *config.Config, err error) {
		if err != nil {
			self.ReloadFailed()
			return
		}
		prober.Reset()
		// One probe from the command line must not touch the store of a server.
		if !f.once {
			if err := pushes.configure(c); err != nil {
				logger.Error("pushes cannot be taken as configured", "err", err)
				self.ReloadFailed()
				return
			}
		}
		self.ReloadSucceeded(time.Now())
	})
	prober = probe.New(collectors(self), reloader.Current, pushes.device, self, logger)
	if err := errors.Join(reloader.Reload(), pushes.err()); err != nil {
		return 1
	}

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	// A second signal ends a process that takes too long to stop.
	context.AfterFunc(ctx, stop)
	if f.once {
		success, err := once(ctx, prober, f.query(), f.onceDebug, logger, os.Stdout)
		if err != nil {
			logger.Error("the probe was not made", "err", err)
		}
		if !success || err != nil {
			return 1
		}
		return 0
	}
	return serve(ctx, f, logger, reloader, prober, pushes, self)
}

// check says what is wrong with the configuration files.
func check(f flags) int {
	code := 0
	c, err := config.Load(f.configFile)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	for _, file := range []string{*f.listen.WebConfigFile, *f.pushListen.WebConfigFile} {
		if err := toolkit.Validate(file); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			code = 1
		}
	}
	if code > 0 {
		return code
	}
	if f.configFile == "" {
		fmt.Fprintln(os.Stdout, "No configuration file was given: the defaults are good.")
		return 0
	}
	count := func(n int, what string) string {
		if n == 1 {
			return "1 " + what
		}
		return fmt.Sprintf("%d %ss", n, what)
	}
	fmt.Fprintf(os.Stdout, "%s is good: %s, %s, %s.\n", f.configFile, count(len(c.Targets), "target"), count(len(c.Auths), "auth"), count(len(c.Modules), "module"))
	return 0
}

// serve answers HTTP until ctx ends.
func serve(ctx context.Context, f flags, logger *slog.Logger, reloader *config.Reloader, prober *probe.Prober, pushes *pushes, self *exposition.Self) int {
	logger.Info("starting power_exporter", "version", version.Info(), "build", version.BuildContext(), "gomaxprocs", runtime.GOMAXPROCS(0))
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		versioncollector.NewCollector("power_exporter"),
		promcollectors.NewGoCollector(),
		promcollectors.NewProcessCollector(promcollectors.ProcessCollectorOpts{}),
		self,
	)
	var stopping atomic.Bool
	options := web.Options{
		Version:  version.Info(),
		Probe:    prober.Handler(f.timeoutOffset),
		Prober:   prober,
		Registry: registry,
		Devices:  pushes.devices,
		Config:   reloader.Current,

		ExternalURL:  f.externalURL,
		Pushed:       pushes.statuses,
		PushedDevice: pushes.device,
		Refused:      pushes.refused.Lately,
		Loaded: func() config.Attempt {
			last := reloader.Last()
			last.Err = errors.Join(last.Err, pushes.err())
			return last
		},

		Ready: func() bool { return !stopping.Load() },
	}
	if f.lifecycle {
		options.Reload = func() error { return errors.Join(reloader.Reload(), pushes.err()) }
	}
	handler, err := web.New(options)
	if err != nil {
		logger.Error("making the pages", "err", err)
		return 1
	}

	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		for range hangup {
			_ = reloader.Reload() // logged there
		}
	}()
	if f.autoReload && f.configFile != "" {
		go reloader.Watch(ctx, f.autoReloadInterval)
	}

	server := newServer(handler, logger)
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	go func() {
		if err, ok := <-pushes.ended; ok {
			fail(err)
		}
	}()
	stopped := make(chan struct{})
	unregister := context.AfterFunc(ctx, func() {
		defer close(stopped)
		stopping.Store(true)
		logger.Info("stopping")
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		if err := server.Shutdown(last); err != nil {
			logger.Warn("requests were cut off", "err", err)
		}
		pushes.stop(last)
	})
	if err := toolkit.ListenAndServe(server, f.listen, logger); !errors.Is(err, http.ErrServerClosed) {
		unregister()
		logger.Error("cannot serve", "listen", strings.Join(*f.listen.WebListenAddresses, " "), "err", err)
		return 1
	}
	<-stopped
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		logger.Error("stopped", "err", err)
		return 1
	}
	return 0
}
