package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"golang.org/x/sync/errgroup"

	"power_exporter/cmd/powersim/powersentrixsim"
)

const (
	// powerSentrixStep is how often the readings of PowerSentrix UPSes change.
	powerSentrixStep = time.Second
	// livingPowerSentrix is how many of the pushing UPSes live and are in the
	// portal. Further ones are there for load alone.
	livingPowerSentrix = 8
	// powerSentrixLog is where the demo's portal has its event log. The
	// vendor's document does not name its path.
	powerSentrixLog = "/ups/getUpsLog"
)

// powerSentrix is what the flags say.
type powerSentrix struct {
	server, company, companyFile string
	ups                          int
	period                       time.Duration
	address, portal              string
	apiKey, user, password       string
}

// powersentrixVendor adds the flags of the PowerSentrix UPSes and gives what
// plays them.
func powersentrixVendor(app *kingpin.Application) vendor {
	var c powerSentrix
	app.Flag("powersentrix.server", "URL that PowerSentrix UPSes push to, as http://127.0.0.1:10494; empty for no pushing.").StringVar(&c.server)
	app.Flag("powersentrix.company", "companyId that they push with.").Default("demo-company").StringVar(&c.company)
	app.Flag("powersentrix.company-file", "File with that companyId.").StringVar(&c.companyFile)
	app.Flag("powersentrix.ups", fmt.Sprintf("How many UPSes push; those beyond %d do not live, and are for load.", livingPowerSentrix)).Default("2").IntVar(&c.ups)
	app.Flag("powersentrix.period", "Time between two pushes of a UPS.").Default("5s").DurationVar(&c.period)
	app.Flag("powersentrix.listen-address", "Where the first of them can be read directly; empty for nowhere.").Default("127.0.0.1:18093").StringVar(&c.address)
	app.Flag("powersentrix.portal-listen-address", "Where to play the portal; empty for none. Its event log is at "+powerSentrixLog+", a path that is invented.").Default("127.0.0.1:18094").StringVar(&c.portal)
	app.Flag("powersentrix.api-key", "API key of the first UPS.").Default("demo-key").StringVar(&c.apiKey)
	app.Flag("powersentrix.username", "E-mail address of the portal's user.").Default("demo@example.net").StringVar(&c.user)
	app.Flag("powersentrix.password", "Password of the portal's user.").Default("demo-password").StringVar(&c.password)
	return func(ctx context.Context, log *slog.Logger, live bool) error {
		if err := c.play(ctx, log, live); err != nil {
			return fmt.Errorf("powersentrix: %w", err)
		}
		return nil
	}
}

// play plays what the flags say until ctx ends.
func (c powerSentrix) play(ctx context.Context, log *slog.Logger, live bool) error {
	if c.server == "" && c.address == "" && c.portal == "" {
		return nil
	}
	if c.ups < 0 || c.period <= 0 {
		return fmt.Errorf("%d UPSes that push every %s: their number must not be negative, and the period more than 0", c.ups, c.period)
	}
	fleet := c.upses(log)
	running, err := c.pushing(fleet, log)
	if err != nil {
		return err
	}
	if live {
		for i, ups := range fleet {
			life := powersentrixsim.NewLive(ups, uint64(i)+1)
			running = append(running, func(ctx context.Context) { life.Run(ctx, powerSentrixStep) })
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, run := range running {
		group.Go(func() error { run(ctx); return nil })
	}
	if c.address != "" {
		group.Go(func() error {
			return play(ctx, log, c.address, fleet[0], nil, "what", "PowerSentrix UPS")
		})
	}
	if c.portal != "" {
		group.Go(func() error {
			return play(ctx, log, c.portal, c.newPortal(fleet, log), nil, "what", "PowerSentrix portal")
		})
	}
	return group.Wait()
}

// upses is the UPSes that are read: one at least, though none may push.
func (c powerSentrix) upses(log *slog.Logger) (fleet []*powersentrixsim.UPS) {
	models := []string{"full", "manual", "minimal"}
	for i := range max(1, min(c.ups, livingPowerSentrix)) {
		model := powersentrixsim.MustRecorded(models[i%len(models)])
		model = model.As(fmt.Sprintf("ups-%02d", i+1), fmt.Sprintf("PSX-2026-%06d", i+1))
		fleet = append(fleet, powersentrixsim.NewUPS(powersentrixsim.Options{APIKey: c.apiKey, Logger: log}, model))
	}
	return fleet
}

// pushing is what pushes: the UPSes that are read, and those for load.
func (c powerSentrix) pushing(fleet []*powersentrixsim.UPS, log *slog.Logger) (running []func(context.Context), err error) {
	if c.server == "" || c.ups == 0 {
		return nil, nil
	}
	options := powersentrixsim.PushOptions{Server: c.server, CompanyID: c.company, Description: "demo", Period: c.period, Logger: log}
	if c.companyFile != "" {
		if options.CompanyID, err = companyFrom(c.companyFile); err != nil {
			return nil, fmt.Errorf("reading the companyId: %w", err)
		}
	}
	for _, ups := range fleet {
		pusher, err := powersentrixsim.NewPusher(options, ups)
		if err != nil {
			return nil, err
		}
		running = append(running, pusher.Run)
	}
	if others := c.ups - len(fleet); others > 0 {
		load, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{Push: options, Size: others, EventEvery: 20})
		if err != nil {
			return nil, err
		}
		running = append(running, load.Run)
	}
	log.Info("PowerSentrix UPSes push", "count", c.ups, "period", c.period)
	return running, nil
}

// newPortal is a portal that tells of the UPSes.
func (c powerSentrix) newPortal(fleet []*powersentrixsim.UPS, log *slog.Logger) *powersentrixsim.Portal {
	var entries []powersentrixsim.Entry
	for i, ups := range fleet {
		entries = append(entries, powersentrixsim.Entry{
			ID: strconv.Itoa(42 + i), Name: fmt.Sprintf("UPS %d", i+1), Location: fmt.Sprintf("Rack %d", i+1), Company: "Demo", UPS: ups,
		})
	}
	return powersentrixsim.NewPortal(powersentrixsim.PortalOptions{
		LogPath: powerSentrixLog, Logger: log,
		Users: []powersentrixsim.User{{Email: c.user, Password: c.password, Name: "Demo"}},
	}, entries...)
}

// companyFrom is what a file holds, without the end of its line.
func companyFrom(file string) (string, error) {
	text, err := os.ReadFile(file) //nolint:gosec // whoever starts the program names it
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("%s is empty", file)
	}
	return secret, nil
}
