package main

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"power_exporter/bench/pdu"
	"power_exporter/config"
)

func TestExporterConfig(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.yml")
	text := exporterConfig("10.199.0.2:3493", &url.URL{Scheme: "http", Host: "10.199.0.2:80"})
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	for target, address := range map[string]string{upsTarget: "10.199.0.2:3493", pduTarget: "http://10.199.0.2:80"} {
		resolved, err := c.Resolve(config.Query{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		if got := resolved.Address.String(); got != address {
			t.Errorf("target %s is at %s, want %s", target, got, address)
		}
		if target == pduTarget {
			if _, secret := resolved.Auth.Credentials(); secret != pdu.Token {
				t.Error("the PDU gets another token")
			}
		}
	}
}
