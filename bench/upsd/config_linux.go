package upsd

import (
	_ "embed"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// device is the .dev file of a UPS (dummy-ups(8)), with ${names} where the UPSes
// differ.
//
//go:embed ups.dev
var device string

// writeConfig writes the files of upsd and its drivers, and returns the names of
// the UPSes.
func writeConfig(dir string, listen netip.Addr) ([]string, error) {
	files := map[string]string{
		"nut.conf":   "MODE=netserver\n",
		"upsd.conf":  fmt.Sprintf("LISTEN %v %d\n", listen, port),
		"upsd.users": "",
	}
	var names []string
	var ups strings.Builder
	for i := range Count {
		name := fmt.Sprintf("rack-%c", 'a'+i)
		names = append(names, name)
		files[name+".dev"] = deviceFile(i)
		fmt.Fprintf(&ups, "[%s]\n\tdriver = dummy-ups\n\tport = %s\n\tmode = dummy-once\n\tdesc = \"Eaton 9PX, rack %c\"\n",
			name, filepath.Join(dir, name+".dev"), 'A'+i)
	}
	files["ups.conf"] = ups.String()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// deviceFile is the .dev file of one of the UPSes, each with readings of its
// own that agree with each other.
func deviceFile(i int) string {
	load := 12 + 11*i // percent of 3 kVA at a power factor of 0.9
	power := 30 * load
	amperes := func(va int) string { return strconv.FormatFloat(float64(va)/230, 'f', 2, 64) }
	decimal := func(tenths int) string { return strconv.FormatFloat(float64(tenths)/10, 'f', 1, 64) }
	values := map[string]string{
		"location":            fmt.Sprintf("Bratislava DC1, room 2, rack %c", 'A'+i),
		"serial":              fmt.Sprintf("G118N%05d", 20417+331*i),
		"uptime":              strconv.Itoa(8640000 + 7351*i),
		"ambient":             decimal(221 + 3*i),
		"humidity":            decimal(402 - 5*i),
		"charge":              strconv.Itoa(100 - i),
		"runtime":             strconv.Itoa(120000 / load),
		"battery_temperature": decimal(243 + 2*i),
		"battery_voltage":     decimal(812 + i),
		"input_current":       amperes(power * 106 / 100),
		"input_voltage":       decimal(2312 + 4*i),
		"outlet_current":      amperes(power - 88),
		"outlet_power":        strconv.Itoa(power - 88),
		"output_current":      amperes(power),
		"load":                strconv.Itoa(load),
		"power":               strconv.Itoa(power),
		"realpower":           strconv.Itoa(power * 9 / 10),
		"status":              "OL",
		"ups_temperature":     decimal(287 + 6*i),
	}
	if i == Count-1 {
		values["status"] = "OL CHRG"
	}
	return os.Expand(device, func(name string) string { return values[name] })
}
