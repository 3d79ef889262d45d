package validate

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/common/model"
)

const examplePath = "../../examples/alertmanager.yml"

// example is the configuration that users start from.
func example(t *testing.T) *config.Config {
	t.Helper()
	c, err := config.LoadFile(examplePath)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAlertmanager loads the configurations.
func TestAlertmanager(t *testing.T) {
	t.Parallel()
	if _, err := config.LoadFile("../compose/alertmanager.yml"); err != nil {
		t.Error(err)
	}
	example(t)
	text, err := os.ReadFile(examplePath)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		secret := strings.HasSuffix(key, "password") || strings.HasSuffix(key, "_url") || strings.HasSuffix(key, "_key")
		if secret && value != "" && !strings.HasPrefix(key, "#") {
			t.Errorf("a secret is not in a file of its own: %s", line)
		}
	}
}

// firing is the labels of an alert, by name and value in turn, after its name and
// severity.
func firing(name, severity string, labels ...string) model.LabelSet {
	set := model.LabelSet{"alertname": model.LabelValue(name), "severity": model.LabelValue(severity), "job": "power"}
	for i := 0; i < len(labels); i += 2 {
		set[model.LabelName(labels[i])] = model.LabelValue(labels[i+1])
	}
	return set
}

// TestRoutes looks where alerts go, and which come in one message.
func TestRoutes(t *testing.T) {
	t.Parallel()
	root := dispatch.NewRoute(example(t).Route, nil)
	for name, test := range map[string]struct {
		alert    model.LabelSet
		receiver string
		group    []string
		interval time.Duration
		repeat   time.Duration
	}{
		"battery nearly empty": {firing("PowerLowBattery", "critical"), "everybody", []string{"device", "instance", "site"}, 30 * time.Second, time.Hour},
		"load high":            {firing("PowerLoadHigh", "warning"), "chat", []string{"device", "instance", "site"}, 5 * time.Minute, 12 * time.Hour},
		"mains of a site lost": {firing("PowerOnBattery", "warning"), "everybody", []string{"alertname", "site"}, 30 * time.Second, time.Hour},
		"server gone":          {firing("PowerDeviceDown", "critical"), "everybody", []string{"alertname", "instance", "site"}, 30 * time.Second, time.Hour},
		"lost on battery":      {firing("PowerLostOnBattery", "critical"), "everybody", []string{"alertname", "instance", "site"}, 30 * time.Second, time.Hour},
		"exporter gone":        {firing("PowerScrapeFailing", "critical"), "everybody", []string{"alertname", "site"}, 30 * time.Second, time.Hour},
		"outlet switched":      {firing("PowerOutletSwitchedOff", "info"), "notes", []string{"device", "instance", "site"}, time.Hour, 120 * time.Hour},
		"of something else":    {model.LabelSet{"alertname": "DiskFull"}, "chat", []string{"device", "instance", "site"}, 5 * time.Minute, 12 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			routes := root.Match(test.alert)
			if len(routes) != 1 {
				t.Fatalf("it takes %d routes", len(routes))
			}
			o := routes[0].RouteOpts
			var group []string
			for label := range o.GroupBy {
				group = append(group, string(label))
			}
			slices.Sort(group)
			if o.Receiver != test.receiver || !slices.Equal(group, test.group) || o.GroupInterval != test.interval || o.RepeatInterval != test.repeat {
				t.Errorf("it goes to %s by %q after %s, each %s", o.Receiver, group, o.GroupInterval, o.RepeatInterval)
			}
		})
	}
}

// TestTextsAreSentNowhere looks whether a route leads to the receiver that is
// there for what the others say.
func TestTextsAreSentNowhere(t *testing.T) {
	t.Parallel()
	c := example(t)
	if !slices.ContainsFunc(c.Receivers, func(r config.Receiver) bool { return r.Name == "texts" }) {
		t.Error("there is no receiver texts")
	}
	dispatch.NewRoute(c.Route, nil).Walk(func(r *dispatch.Route) {
		if r.RouteOpts.Receiver == "texts" {
			t.Errorf("%s leads to texts", r.Key())
		}
	})
}

// TestInhibition looks which alerts are not told while others are.
func TestInhibition(t *testing.T) {
	t.Parallel()
	c := example(t)
	ups := []string{"instance", "basement", "device", "rack-a"}
	other := []string{"instance", "basement", "device", "rack-b"}
	for name, test := range map[string]struct {
		source, target model.LabelSet
		muted          bool
	}{
		"battery of a device that is down":   {firing("PowerDeviceDown", "critical", ups...), firing("PowerRuntimeShort", "critical", ups...), true},
		"outlet of a device that is down":    {firing("PowerDeviceDown", "critical", ups...), firing("PowerOutletOffButLoaded", "warning", append(ups, "outlet", "3")...), true},
		"another device of the server":       {firing("PowerDeviceDown", "critical", ups...), firing("PowerRuntimeShort", "critical", other...), false},
		"another device that is down":        {firing("PowerDeviceDown", "critical", ups...), firing("PowerDeviceDown", "critical", other...), false},
		"lost on battery is down":            {firing("PowerLostOnBattery", "critical", append(ups, "state", "on_battery")...), firing("PowerDeviceDown", "critical", ups...), true},
		"lost on battery had low battery":    {firing("PowerLostOnBattery", "critical", append(ups, "state", "on_battery")...), firing("PowerLowBattery", "critical", append(ups, "state", "low_battery")...), true},
		"lost on battery was on battery":     {firing("PowerLostOnBattery", "critical", append(ups, "state", "on_battery")...), firing("PowerOnBattery", "warning", append(ups, "state", "on_battery")...), true},
		"another one lost on battery":        {firing("PowerLostOnBattery", "critical", append(ups, "state", "on_battery")...), firing("PowerDeviceDown", "critical", other...), false},
		"down does not hide how it was lost": {firing("PowerDeviceDown", "critical", ups...), firing("PowerLostOnBattery", "critical", ups...), false},
		"nor does a scrape that fails":       {firing("PowerScrapeFailing", "critical", "instance", "basement"), firing("PowerLostOnBattery", "critical", ups...), false},
		"nor does a probe that fails":        {firing("PowerProbeFailing", "warning", "instance", "basement"), firing("PowerLostOnBattery", "critical", ups...), false},
		"low battery does not hide the loss": {firing("PowerLowBattery", "critical", ups...), firing("PowerLostOnBattery", "critical", ups...), false},
		"last words of a device":             {firing("PowerDeviceDown", "critical", ups...), firing("PowerEventReceived", "info", ups...), false},
		"probe of a target with that device": {firing("PowerDeviceDown", "critical", ups...), firing("PowerProbeFailing", "warning", "instance", "basement"), false},
		"device that does not push":          {firing("PowerDeviceDown", "critical", ups...), firing("PowerPushSilent", "warning", ups...), true},
		"device behind a scrape that fails":  {firing("PowerScrapeFailing", "critical", "instance", "basement"), firing("PowerLowBattery", "critical", ups...), true},
		"down behind a scrape that fails":    {firing("PowerScrapeFailing", "critical", "instance", "basement"), firing("PowerDeviceDown", "critical", ups...), true},
		"scrape of another target":           {firing("PowerScrapeFailing", "critical", "instance", "hall"), firing("PowerLowBattery", "critical", ups...), false},
		"scrape itself":                      {firing("PowerScrapeFailing", "critical", "instance", "basement"), firing("PowerScrapeFailing", "critical", "instance", "basement"), false},
		"device down behind a probe":         {firing("PowerProbeFailing", "warning", "instance", "basement"), firing("PowerDeviceDown", "critical", ups...), false},
		"stale behind a probe that fails":    {firing("PowerProbeFailing", "warning", "instance", "basement"), firing("PowerReadingStale", "warning", ups...), true},
		"probe without log-in":               {firing("PowerCredentialsRefused", "warning", "instance", "basement"), firing("PowerProbeFailing", "warning", "instance", "basement"), true},
		"warning beside its critical":        {firing("PowerTemperatureHigh", "critical", append(ups, "sensor", "1")...), firing("PowerTemperatureHigh", "warning", append(ups, "sensor", "1")...), true},
		"warning of another sensor":          {firing("PowerTemperatureHigh", "critical", append(ups, "sensor", "1")...), firing("PowerTemperatureHigh", "warning", append(ups, "sensor", "2")...), false},
		"warning of another kind":            {firing("PowerTemperatureHigh", "critical", append(ups, "sensor", "1")...), firing("PowerHumidityHigh", "warning", append(ups, "sensor", "1")...), false},
		"battery low explains the runtime":   {firing("PowerLowBattery", "critical", ups...), firing("PowerRuntimeShort", "critical", append(ups, "battery", "1")...), true},
		"on battery does not hide low":       {firing("PowerOnBattery", "warning", ups...), firing("PowerLowBattery", "critical", ups...), false},
		"alerts of something else":           {firing("PowerScrapeFailing", "critical", "instance", "basement"), firing("DiskFull", "warning", "instance", "basement"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if muted := mutes(t, c, test.source, test.target); muted != test.muted {
				t.Errorf("while %v fires, %v is muted: %t", test.source, test.target, muted)
			}
		})
	}
}

// TestMessages renders what people read.
func TestMessages(t *testing.T) {
	t.Parallel()
	c := example(t)
	templates, err := template.FromGlobs(nil)
	if err != nil {
		t.Fatal(err)
	}
	data := template.Data{
		Status:      "firing",
		GroupLabels: template.KV{"site": "hq", "instance": "basement", "device": "rack-a"},
		Alerts: template.Alerts{
			{
				Status: "firing", Labels: template.KV{"severity": "critical"},
				Annotations: template.KV{"summary": "The battery of rack-a is low", "description": "It ends soon.", "runbook_url": "docs/runbooks/PowerLowBattery.md"},
			},
			{Status: "resolved", Labels: template.KV{"severity": "warning"}, Annotations: template.KV{"summary": "rack-a is on battery"}},
		},
	}
	everybody := c.Receivers[slices.IndexFunc(c.Receivers, func(r config.Receiver) bool { return r.Name == "everybody" })]
	for name, test := range map[string]struct{ template, want string }{
		"title of Discord":  {everybody.DiscordConfigs[0].Title, "1 firing: rack-a at hq"},
		"subject of a mail": {everybody.EmailConfigs[0].Headers["Subject"], "1 firing: rack-a at hq"},
		"message": {everybody.DiscordConfigs[0].Message, `*critical* The battery of rack-a is low
It ends soon. (docs/runbooks/PowerLowBattery.md)
*over* rack-a is on battery
`},
	} {
		got, err := templates.ExecuteTextString(test.template, &data)
		if err != nil || got != test.want {
			t.Errorf("the %s is %q: %v", name, got, err)
		}
	}
	for _, r := range c.Receivers {
		if r.Name == "texts" {
			continue
		}
		if len(r.EmailConfigs) != 1 || len(r.DiscordConfigs) != 1 || len(r.SlackConfigs) != 1 {
			t.Fatalf("the receiver %s lacks a service", r.Name)
		}
		mail, slack := r.EmailConfigs[0], r.SlackConfigs[0]
		for _, title := range []string{mail.Headers["Subject"], r.DiscordConfigs[0].Title, slack.Title} {
			if title != everybody.DiscordConfigs[0].Title {
				t.Errorf("the receiver %s has the title %q", r.Name, title)
			}
		}
		for _, text := range []string{mail.Text + mail.HTML, r.DiscordConfigs[0].Message, slack.Text} {
			if text != everybody.DiscordConfigs[0].Message {
				t.Errorf("the receiver %s says %q", r.Name, text)
			}
		}
	}
	data.GroupLabels = template.KV{"alertname": "PowerOnBattery", "site": "hq"}
	data.Status = "resolved"
	got, err := templates.ExecuteTextString(everybody.DiscordConfigs[0].Title, &data)
	if want := "Resolved: PowerOnBattery at hq"; err != nil || got != want {
		t.Errorf("the title of a group of devices is %q, not %q: %v", got, want, err)
	}
}
