package e2e

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"power_exporter/dashboards"
	"power_exporter/e2e/program"
)

// demo is what "make demo" runs: simulated devices of all six systems, and the
// exporter with examples/demo.yml.
type demo struct {
	*exporter
	powersim *program.Program
}

// demoPorts are the ports in examples/demo.yml.
var demoPorts = []int{13493, 18080, 18081, 18082, 18090, 18091, 18092, 18093, 18094}

// startDemo starts the simulated devices on free ports, and the exporter on
// them.
func startDemo(t *testing.T) demo {
	t.Helper()
	dir := room(t)
	simulator := filepath.Join(dir, "powersim")
	if err := program.Build(t.Context(), simulator, "power_exporter/cmd/powersim"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../examples/demo.yml")
	if err != nil {
		t.Fatal(err)
	}
	first := program.FreePorts(t, len(demoPorts))
	at := func(i int) string { return "127.0.0.1:" + strconv.Itoa(first+i) }
	config := string(text)
	for i, port := range demoPorts {
		config = strings.ReplaceAll(config, "127.0.0.1:"+strconv.Itoa(port), at(i))
	}
	push := program.FreeAddress(t)
	sim := program.Start(t, "powersim", nil, simulator, "--nut.listen-address="+at(0), "--synlink.listen-address="+at(1), "--ems.listen-address="+at(4),
		"--cloudtrax.listen-address="+at(5), "--powerpulse.listen-address="+at(6), "--powersentrix.listen-address="+at(7),
		"--powersentrix.portal-listen-address="+at(8), "--powersentrix.server=http://"+push, "--powersentrix.period=1s")
	e := startExporter(t, "--config.file="+write(t, dir, "demo.yml", config), "--storage.path="+dir+"/data", "--push.listen-address="+push)
	return demo{e, sim}
}

// TestDemo has a real Prometheus find the demo's targets by /sd and scrape them
// with the rules of this tree. Each rule is evaluated without fail, and each
// expression of each dashboard has data or says why it has none.
func TestDemo(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	rules, err := filepath.Abs("../rules")
	if err != nil {
		t.Fatal(err)
	}
	p := startPrometheus(t, `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: ["`+rules+`/recording.yml", "`+rules+`/alerts.yml"]
scrape_configs:
  - job_name: power
    http_sd_configs:
      - {url: "`+d.url+`/sd", refresh_interval: 1s}
  - job_name: power_exporter
    static_configs:
      - targets: ["`+d.address+`"]
`)
	program.Eventually(t, "every target is scraped", func() error {
		for query, want := range map[string]string{
			`count(probe_success == 1)`: "10",
			`count(power_device_up{job="power_exporter",device=~"ups-0[12]"} == 1)`:                "2",
			`power_device_streamed{instance="rack-a"}`:                                             "1",
			`count(power_outlet_voltage_volts{job="power_exporter",device="ups-01"}) > bool 0`:     "1",
			`count(count_over_time(power_device_up{job="power",instance="rack-a"}[1m]) > bool 20)`: "1",
		} {
			value, err := p.value(t, query, nil)
			if err == nil && value != want {
				err = fmt.Errorf("%s is %s, want %s", query, value, want)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	p.everyRuleIsEvaluated(t)
	p.everyExpressionHasData(t)
	program.Eventually(t, "an alert fires for a UPS that is on battery, which is low", func() error {
		value, err := p.value(t, `count(ALERTS{alertname="PowerLowBattery",alertstate="firing",instance="demo",device="onbattery"})`, nil)
		if err == nil && value == "0" {
			err = errors.New("none")
		}
		return err
	})
}

// everyRuleIsEvaluated fails the test if the expression of a rule is wrong. It
// asks each itself, since some groups are evaluated every few minutes only.
func (p *prometheus) everyRuleIsEvaluated(t *testing.T) {
	t.Helper()
	var answer struct {
		Data struct {
			Groups []struct {
				Name  string
				Rules []struct{ Name, Query, LastError string }
			}
		}
	}
	if err := p.get(t, "/api/v1/rules", &answer); err != nil || len(answer.Data.Groups) == 0 {
		t.Fatalf("%d groups of rules: %v", len(answer.Data.Groups), err)
	}
	for _, g := range answer.Data.Groups {
		for _, r := range g.Rules {
			if r.LastError != "" {
				t.Errorf("rule %s of group %s: %s", r.Name, g.Name, r.LastError)
			}
			if err := p.get(t, "/api/v1/query?query="+url.QueryEscape(r.Query), nil); err != nil {
				t.Errorf("rule %s of group %s: %v", r.Name, g.Name, err)
			}
		}
	}
}

// everyExpressionHasData asks all that the dashboards ask.
func (p *prometheus) everyExpressionHasData(t *testing.T) {
	t.Helper()
	all, err := dashboards.Expressions(dashboards.Times{Range: 5 * time.Minute, Interval: 15 * time.Second})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d expressions: %v", len(all), err)
	}
	for _, e := range all {
		if e.Empty != "" {
			continue
		}
		program.Eventually(t, fmt.Sprintf("dashboard %s, panel %s, %s: %s", e.Dashboard, e.Panel, e.Ref, e.Query), func() error {
			var answer struct {
				Data struct{ Result []any }
			}
			if err := p.get(t, "/api/v1/query?query="+url.QueryEscape(e.Query), &answer); err != nil {
				return err
			}
			if len(answer.Data.Result) == 0 {
				return errors.New("no data")
			}
			return nil
		})
	}
}
