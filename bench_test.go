package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"power_exporter/bench/fleet/large"
	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/power"
	"power_exporter/probe"
)

// BenchmarkProbe answers scrapes of the largest device of each system: from the
// request to the text, with a simulated device on the loopback interface, whose
// work counts as well.
func BenchmarkProbe(b *testing.B) {
	for _, device := range []struct {
		name string
		// start plays the device, and gives the members of its auth, if it wants
		// one, of its target, and of its module beside the default ones.
		start func(b *testing.B) setup
	}{
		{"nut/upses=1", func(b *testing.B) setup {
			b.Helper()
			return nutTarget(b, must(large.SmallUPSes(1)))
		}},
		{"nut/upses=100", func(b *testing.B) setup {
			b.Helper()
			return nutTarget(b, must(large.SmallUPSes(100)))
		}},
		{"nut/outlets=48", func(b *testing.B) setup {
			b.Helper()
			return nutTarget(b, []nutsim.UPS{must(large.NUT(48))})
		}},
		{"synlink/outlets=48", func(b *testing.B) setup {
			b.Helper()
			_, address := synlinksim.Start(b, synlinksim.Options{}, must(large.SynLink(48)))
			return setup{"token: " + synlinksim.AdminToken, at("synlink", address), ""}
		}},
		{"ems/signals=1500", func(b *testing.B) setup {
			b.Helper()
			_, address := emssim.Start(b, emssim.Options{}, emssim.Large(1500))
			return setup{login(emssim.AdminName, emssim.AdminPassword), at("ems", address), ""}
		}},
		{"cloudtrax/strips=40", func(b *testing.B) setup {
			b.Helper()
			_, address := cloudtraxsim.Start(b, cloudtraxsim.Options{}, cloudtraxsim.Large(40))
			return setup{
				auth:   fmt.Sprintf("key: %s, secret: %s", cloudtraxsim.DemoKey, cloudtraxsim.DemoSecret),
				target: at("cloud", strconv.FormatInt(cloudtraxsim.LargeID, 10)),
				module: fmt.Sprintf("cloud: {collector: cloudtrax, cloudtrax: {url: '%s'}}", address),
			}
		}},
		{"powersentrix/full", func(b *testing.B) setup {
			b.Helper()
			_, address := powersentrixsim.StartUPS(b, powersentrixsim.Options{}, powersentrixsim.MustRecorded("full"))
			return setup{"api_key: " + powersentrixsim.SampleAPIKey, at("powersentrix", address), ""}
		}},
		{"powerpulse/upses=100", func(b *testing.B) setup {
			b.Helper()
			_, address := powerpulsesim.Start(b, powerpulsesim.Options{}, must(large.PowerPulse(100)))
			return setup{login(powerpulsesim.AdminName, powerpulsesim.AdminPassword), at("powerpulse", address), ""}
		}},
	} {
		b.Run(device.name, func(b *testing.B) {
			handler := handlerOf(b, device.start(b))
			request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/probe?target=device", nil)
			answer := httptest.NewRecorder()
			if handler.ServeHTTP(answer, request); !strings.Contains(answer.Body.String(), "\nprobe_success 1\n") {
				b.Fatalf("the probe failed: %d\n%s", answer.Code, answer.Body)
			}
			b.ReportAllocs()
			for b.Loop() {
				handler.ServeHTTP(httptest.NewRecorder(), request)
			}
			b.ReportMetric(float64(answer.Body.Len()), "bytes/scrape")
		})
	}
}

// setup is the members of an auth, a target and the modules.
type setup struct{ auth, target, module string }

// handlerOf is /probe of an exporter with one target, called device.
func handlerOf(b *testing.B, s setup) http.Handler {
	b.Helper()
	text := fmt.Sprintf("modules: {%s}\ntargets: [{name: device, %s", s.module, s.target)
	if s.auth != "" {
		text = fmt.Sprintf("auths: {device: {%s}}\n%s, auth: device", s.auth, text)
	}
	c, err := config.Parse("bench.yml", []byte(text+"}]\n"))
	if err != nil {
		b.Fatal(err)
	}
	self := exposition.NewSelf()
	nobody := func(string) (power.Device, bool) { return power.Device{}, false }
	prober := probe.New(collectors(self), func() *config.Config { return c }, nobody, self, slog.New(slog.DiscardHandler))
	b.Cleanup(prober.Reset)
	return prober.Handler(0)
}

// nutTarget plays UPSes.
func nutTarget(b *testing.B, upses []nutsim.UPS) setup {
	b.Helper()
	_, address := nutsim.Start(b, nutsim.Options{}, upses...)
	return setup{target: at("nut", address)}
}

// at is a target's module and address.
func at(module, address string) string {
	return fmt.Sprintf("module: %s, address: '%s'", module, address)
}

// login is an auth with a user name and a password.
func login(name, password string) string {
	return fmt.Sprintf("username: %s, password: '%s'", name, password)
}

// must is what was made of a recorded device.
func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}
