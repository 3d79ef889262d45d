package main

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"power_exporter/bench/pdu"
)

// programs are the paths of the exporters.
type programs struct{ exporter, jsonExporter string }

// jsonConfig reads the PDU by json_exporter.
//
//go:embed json_exporter.yml
var jsonConfig string

// Names of the exporter's targets.
const (
	upsTarget = "ups"
	pduTarget = "pdu"
)

// exporterConfig is the exporter's configuration: all defaults.
func exporterConfig(ups string, base *url.URL) string {
	return fmt.Sprintf(`
auths:
  pdu: {token: %s}
targets:
  - {name: %s, address: %q, module: nut}
  - {name: %s, address: %q, module: synlink, auth: pdu}
`, pdu.Token, upsTarget, ups, pduTarget, base.String())
}

// startExporter starts the exporter.
func (b *bench) startExporter(ctx context.Context) (*process, error) {
	file := filepath.Join(b.dir, "power_exporter.yml")
	if err := os.WriteFile(file, []byte(exporterConfig(b.servers.ups.Addr, b.servers.pdu)), 0o600); err != nil {
		return nil, err
	}
	return start(ctx, b.programs.exporter, "--config.file="+file, "--web.enable-lifecycle")
}

// startJSONExporter starts json_exporter.
func (b *bench) startJSONExporter(ctx context.Context) (*process, error) {
	return startJSONExporter(ctx, b.programs.jsonExporter, b.dir)
}

// startJSONExporter starts json_exporter, whose configuration is written to dir.
func startJSONExporter(ctx context.Context, program, dir string) (*process, error) {
	file := filepath.Join(dir, "json_exporter.yml")
	if err := os.WriteFile(file, []byte(jsonConfig), 0o600); err != nil {
		return nil, err
	}
	return start(ctx, program, "--config.file="+file)
}
