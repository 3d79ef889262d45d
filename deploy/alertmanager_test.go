package deploy

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// discordFile is a key that Alertmanager knows since 0.28; Debian 12 has 0.25.
// What it reads is the same as the value of webhook_url.
var discordFile = regexp.MustCompile(`webhook_url_file: .+`)

// older is a configuration as an older Alertmanager takes it.
func older(t *testing.T, path string) string {
	t.Helper()
	return write(t, "alertmanager.yml", discordFile.ReplaceAllString(read(t, path), "webhook_url: https://discord.example.net/api/webhooks/1/secret"))
}

// TestAmtool has amtool check the configurations, and send alerts on their way.
func TestAmtool(t *testing.T) {
	t.Parallel()
	run(t, "prometheus-alertmanager", "amtool", "check-config", older(t, "compose/alertmanager.yml"))
	example := older(t, "../examples/alertmanager.yml")
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
	for _, path := range []string{"../examples/alertmanager.yml", "compose/compose.yml", "../docs/getting-started.md", "../docs/scaling.md", "../docs/security.md", "../docs/migration.md"} {
		for _, name := range alertName.FindAllString(read(t, path), -1) {
			if name != "PowerSentrix" && name != "PowerPulse" && !slices.Contains(rules, name) {
				t.Errorf("%s: there is no alert %s", path, name)
			}
		}
	}
}
