package deploy

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// discordFile is a key that Alertmanager knows since 0.28; Debian 12 has 0.25.
// The example says what takes its place there.
var discordFile = regexp.MustCompile(`webhook_url_file: .+`)

// older is a configuration as an older Alertmanager takes it.
func older(t *testing.T, text string) string {
	t.Helper()
	return write(t, "alertmanager.yml", discordFile.ReplaceAllString(text, "webhook_url: https://discord.com/api/webhooks/..."))
}

// TestAmtool has amtool check the configurations, and send alerts on their way.
func TestAmtool(t *testing.T) {
	t.Parallel()
	run(t, "prometheus-alertmanager", "amtool", "check-config", "compose/alertmanager.yml")
	example := older(t, read(t, "../examples/alertmanager.yml"))
	run(t, "prometheus-alertmanager", "amtool", "check-config", example)
	for labels, receiver := range map[string]string{
		"alertname=PowerLowBattery severity=critical site=hq device=rack-a": "everybody",
		"alertname=PowerDeviceDown severity=critical":                       "everybody",
		"alertname=PowerScrapeFailing severity=critical":                    "everybody",
		"alertname=PowerOnBattery severity=warning site=hq":                 "everybody",
		"alertname=PowerReplaceBattery severity=warning":                    "chat",
		"alertname=PowerOutletSwitchedOff severity=info":                    "notes",
		"alertname=Other": "chat",
	} {
		arguments := append([]string{"config", "routes", "test", "--config.file=" + example, "--verify.receivers=" + receiver}, strings.Fields(labels)...)
		run(t, "prometheus-alertmanager", "amtool", arguments...)
	}
}

// services are what the comments in the example call them, with their keys.
var services = map[string]string{"E-mail": "email_configs", "Discord": "discord_configs", "Slack": "slack_configs"}

// without is the example as it is after somebody has deleted the part of a
// service, from its comment to the next: in every receiver, or in n of them.
func without(t *testing.T, text, service string, n int) string {
	t.Helper()
	var rest strings.Builder
	inside, found := false, 0
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "    # "+service) && (n < 0 || found < n):
			inside = true
			found++
		case !strings.HasPrefix(line, "     "):
			inside = inside && strings.HasPrefix(line, "    "+services[service]+":")
		}
		if !inside {
			rest.WriteString(line)
		}
	}
	if found == 0 || n < 0 && strings.Count(rest.String(), services[service]) != strings.Count(text, services[service])-found {
		t.Fatalf("found %d parts of %s, or not all", found, service)
	}
	return rest.String()
}

// TestLeaveOut deletes services from the example as a user does who does not
// have them.
func TestLeaveOut(t *testing.T) {
	t.Parallel()
	text := read(t, "../examples/alertmanager.yml")
	for gone := range services {
		run(t, "prometheus-alertmanager", "amtool", "check-config", older(t, without(t, text, gone, 1)))
		one := without(t, text, gone, -1)
		run(t, "prometheus-alertmanager", "amtool", "check-config", older(t, one))
		for also := range services {
			if also == gone {
				continue
			}
			rest := without(t, one, also, -1)
			file := write(t, "alertmanager.yml", rest)
			if strings.Contains(rest, "discord") {
				file = older(t, rest)
			}
			run(t, "prometheus-alertmanager", "amtool", "check-config", file)
			for _, receiver := range strings.Split(rest, "\n  - name: ")[1:] {
				if strings.Count(receiver, "_configs:") != 1 {
					t.Errorf("without %s and %s nobody is told by the receiver %s", gone, also, receiver)
				}
			}
		}
	}
}

var (
	alertName = regexp.MustCompile(`\bPower[A-Z][A-Za-z]+`)
	alertRule = regexp.MustCompile(`(?m)^ +- alert: (\S+)$`)
)

// TestAlerts finds alerts that the rules do not have.
func TestAlerts(t *testing.T) {
	t.Parallel()
	var rules []string
	for _, m := range alertRule.FindAllStringSubmatch(read(t, "../rules/alerts.yml"), -1) {
		rules = append(rules, m[1])
	}
	for _, path := range []string{"../examples/alertmanager.yml", "../rules/README.md", "compose/compose.yml", "../docs/getting-started.md", "../docs/scaling.md", "../docs/security.md", "../docs/migration.md"} {
		for _, name := range alertName.FindAllString(read(t, path), -1) {
			if name != "PowerSentrix" && name != "PowerPulse" && !slices.Contains(rules, name) {
				t.Errorf("%s: there is no alert %s", path, name)
			}
		}
	}
}
