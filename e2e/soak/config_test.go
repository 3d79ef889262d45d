package soak

import (
	"fmt"
	"strings"

	"power_exporter/cmd/powersim/emssim"
)

// configuration is the text of one with the targets that are chosen.
func (s *site) configuration(chosen func(*device) bool) string {
	var text strings.Builder
	fmt.Fprintf(&text, `
auths:
  token: {token_file: secret}
  user: {username: soak, password_file: secret}
  basic: {username: soak, password_file: secret, basic: on}
  key: {key: soak, secret_file: secret}
  api: {api_key_file: secret}
modules:
  nut: {timeout: 30s}
  nut_tls: {collector: nut, timeout: 30s, native: on, nut: {starttls: on}, tls_config: {ca_file: ca.pem}}
  synlink: {timeout: 30s}
  synlink_all:
    collector: synlink
    timeout: 30s
    tls_config: {ca_file: ca.pem}
    synlink: {endpoints: [device, inlets, banks, outlets, sensors, groups, events, conf, diagnostics]}
  synlink_stream: {collector: synlink, timeout: 30s, tls_config: {ca_file: ca.pem}, synlink: {stream: on, window: 30s}}
  ems: {timeout: 30s, native: on, ems: {metadata_ttl: 10s, signals: {%s}}}
  cloudtrax: {timeout: 30s, cache_ttl: 1s, cloudtrax: {url: %q}}
  powersentrix: {timeout: 30s, native: on, tls_config: {ca_file: ca.pem}}
  portal: {collector: powersentrix, timeout: 30s, powersentrix: {mode: portal, log_path: /ups/getUpsLog}}
  powerpulse: {timeout: 30s, native: on}
  kiosk: {collector: powerpulse, timeout: 30s, powerpulse: {kiosk: on}}
receivers:
  powersentrix:
    companies: [{name: acme, id_file: company}]
    expire_after: 1w
    native: on
  synlink:
    tokens: [{name: bts, token_file: hook}]
    expire_after: 1w
targets:
`, signals(), s.cloud.url)
	none := true
	for _, d := range s.devices {
		if chosen(d) {
			fmt.Fprintf(&text, "  - %s\n", d.line)
			none = false
		}
	}
	if none {
		text.WriteString("  []\n")
	}
	return text.String()
}

// signals is what the simulated EMS measures, as the configuration has it.
func signals() string {
	var all []string
	for _, q := range emssim.Quantities() {
		line, scale := "", ""
		if q.Line != "" {
			line = ", line: " + q.Line
		}
		if q.Unit == "kWh" {
			scale = ", scale: 3.6e6"
		}
		all = append(all, fmt.Sprintf("%d: {quantity: %s%s%s}", q.SI, q.Name, line, scale))
	}
	return strings.Join(all, ", ")
}
