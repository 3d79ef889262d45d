package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"power_exporter/e2e/program"
)

// TestAlerted loses the mains of a UPS and finds the messages that wake people:
// a real driver, upsd, Prometheus with the rules of this tree and Alertmanager
// with examples/alertmanager.yml, to a mailbox, Discord and Slack. Then the
// server loses power as well, and is not known to the exporter any more; nobody
// is told that anything is over. When server and mains are back it finds the
// messages that say so.
func TestAlerted(t *testing.T) {
	t.Parallel()
	const name = "rack3ph"
	server := startUPSD(t, ups{name: name})
	dir := room(t)
	exporter := program.FreeAddress(t) // that of one that is restarted is the same
	arguments := []string{"--web.listen-address=" + exporter, "--config.file=" + write(t, dir, "config.yml", `
targets:
  - {name: room-2, address: "`+server.address+`", module: nut, labels: {site: hq}}
`)}
	e := startExporter(t, arguments...)
	m := startMessenger(t)
	rules, err := filepath.Abs("../rules")
	if err != nil {
		t.Fatal(err)
	}
	p := startPrometheus(t, `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: ["`+rules+`/recording.yml", "`+rules+`/alerts.yml"]
alerting:
  alertmanagers: [{static_configs: [{targets: ["`+m.address+`"]}]}]
scrape_configs:
  - job_name: power
    http_sd_configs:
      - {url: "http://`+exporter+`/sd", refresh_interval: 1s}
`)
	program.Eventually(t, "the UPS is scraped, on mains", func() error {
		value, err := p.value(t, `power_ups_state{state="on_line",site="hq"}`, map[string]string{"instance": "room-2", "device": name})
		if err == nil && value != "1" {
			err = fmt.Errorf("it is %s", value)
		}
		return err
	})

	server.mains(t, name, "OB DISCHRG LB")
	title, summary := "1 firing: "+name+" at hq", "The battery of "+name+" is about to run out"
	m.tells(t, "the mailbox", &m.mail.Record, "Subject: "+title, "To: oncall@example.net", summary, "PowerLowBattery.md")
	m.tells(t, "Discord", &m.discord, title, "*critical* "+summary)

	// The server dies, and the exporter forgets it. An alert of the same group
	// brings about a message in which all that is over would be.
	server.Kill(t)
	m.tells(t, "Discord", &m.discord, "1 firing: PowerLostOnBattery at hq", "*critical* "+name+" was lost while on battery")
	e.Stop(t)
	startExporter(t, arguments...)
	program.Eventually(t, "the exporter has forgotten the UPS", func() error {
		value, err := p.value(t, `probe_success unless on (job, instance) power_device_up`, map[string]string{"instance": "room-2"})
		if err == nil && value != "0" {
			err = fmt.Errorf("the probe's success is %s", value)
		}
		return err
	})
	m.add(t, "PowerOverload", "critical", name+" is overloaded", "site=hq", "instance=room-2", "device="+name)
	m.tells(t, "Discord", &m.discord, "*critical* "+name+" is overloaded")
	for receiver, said := range map[string]string{"the mailbox": m.mail.String(), "Discord": m.discord.String()} {
		if strings.Contains(said, "*over*") {
			t.Errorf("%s was told that something is over while nobody knows:\n%s", receiver, said)
		}
	}

	server.feeds(t, name, "OL CHRG")
	server.startServer(t)
	m.tells(t, "the mailbox", &m.mail.Record, "*over* "+summary, "*over* "+name+" was lost while on battery")
	m.tells(t, "Discord", &m.discord, "Resolved: PowerLostOnBattery at hq", "*over* "+summary)

	// A battery to replace is no reason to wake anybody. Its rule waits for
	// minutes, so the alert comes from elsewhere.
	m.add(t, "PowerReplaceBattery", "warning", "The battery of "+name+" is worn", "device="+name)
	worn := "*warning* The battery of " + name + " is worn"
	m.tells(t, "Slack", &m.slack, worn, `"channel":"#power"`)
	for line := range strings.Lines(m.slack.String()) {
		if strings.Contains(line, "#power-urgent") && strings.Contains(line, worn) {
			t.Errorf("people are woken by %s", line)
		}
	}
}

// add has Alertmanager get an alert as from Prometheus.
func (m *messenger) add(t *testing.T, alert, severity, summary string, labels ...string) {
	t.Helper()
	arguments := append([]string{
		"alert", "add", "--alertmanager.url=http://" + m.address, "--annotation=summary=" + summary,
		"alertname=" + alert, "severity=" + severity,
	}, labels...)
	if output, err := exec.CommandContext(t.Context(), tool(t, "amtool"), arguments...).CombinedOutput(); err != nil {
		t.Fatalf("amtool alert add: %v\n%s", err, output)
	}
}

// mains has the driver of a UPS say how it is fed, and waits until the server
// says so too.
func (u *upsd) mains(t *testing.T, name, status string) {
	t.Helper()
	u.feeds(t, name, status)
	u.says(t, name, status)
}

// feeds has the driver of a UPS say how it is fed.
func (u *upsd) feeds(t *testing.T, name, status string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(u.dir, name+".dev"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^ups\.status: .*$`)
	if !line.Match(text) {
		t.Fatalf("%s has no ups.status", name)
	}
	write(t, u.dir, name+".dev", string(line.ReplaceAll(text, []byte("ups.status: "+status))))
}

// messenger is a real Alertmanager and all whom it tells.
type messenger struct {
	*program.Program
	address        string
	mail           *mailbox
	discord, slack program.Record
}

// startMessenger starts an Alertmanager with examples/alertmanager.yml, in which
// the addresses of the services are those of this test, and the waits are short.
func startMessenger(t *testing.T) *messenger {
	t.Helper()
	m := &messenger{mail: startMailbox(t, "alertmanager", newSecret())}
	services := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := map[string]*program.Record{"/discord": &m.discord, "/slack": &m.slack}[r.URL.Path]
		if to == nil {
			http.NotFound(w, r)
			return
		}
		if _, err := io.Copy(to, r.Body); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(services.Close)
	text, err := os.ReadFile("../examples/alertmanager.yml")
	if err != nil {
		t.Fatal(err)
	}
	dir := room(t)
	write(t, dir, "smtp_password", m.mail.password)
	write(t, dir, "slack_webhook_url", services.URL+"/slack")
	config := strings.NewReplacer(
		"smtp.example.net:587", m.mail.address+"\n  smtp_require_tls: false",
		"/etc/alertmanager/secrets", dir,
		// Debian's Alertmanager is older than this key.
		"webhook_url_file: /etc/alertmanager/secrets/discord_webhook_url", "webhook_url: "+services.URL+"/discord",
		"group_wait: 10s", "group_wait: 1s",
		"group_wait: 30s", "group_wait: 1s",
		"group_interval: 5m", "group_interval: 1s",
		"group_interval: 30s", "group_interval: 1s",
	).Replace(string(text))
	m.address = program.FreeAddress(t)
	m.Program = program.Start(t, "alertmanager", nil, tool(t, "prometheus-alertmanager"), "--config.file="+write(t, dir, "alertmanager.yml", config),
		"--storage.path="+dir, "--web.listen-address="+m.address, "--cluster.listen-address=")
	program.Eventually(t, "Alertmanager is ready", func() error {
		if m.HasEnded() {
			t.Fatalf("Alertmanager ended with code %d", m.Code())
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+m.address+"/-/ready", nil)
		if err != nil {
			return err
		}
		response, err := services.Client().Do(request)
		if err == nil && response.StatusCode != http.StatusOK {
			err = errors.New(response.Status)
		}
		if response != nil {
			_ = response.Body.Close()
		}
		return err
	})
	return m
}

// tells waits until somebody was told all of the texts.
func (m *messenger) tells(t *testing.T, who string, told *program.Record, texts ...string) {
	t.Helper()
	program.Eventually(t, who+" is told", func() error {
		said := told.String()
		for _, text := range texts {
			if !strings.Contains(said, text) {
				return fmt.Errorf("nothing of %q, but\n%s", text, said)
			}
		}
		return nil
	})
}
