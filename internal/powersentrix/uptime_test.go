package powersentrix_test

import (
	"encoding/json"
	"strings"
	"testing"

	"power_exporter/internal/powersentrix"
)

func TestUptime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2d 14h 33m":                  "225180", // 172800 + 50400 + 1980
		"5d 02h 11m":                  "439860", // 432000 + 7200 + 660
		"33m":                         "1980",
		"12h":                         "43200",
		"0m":                          "0",
		"3d":                          "259200",
		"1h 5s":                       "3605",
		"2d14h33m":                    "225180",
		" 2D  14H 33M ":               "225180",
		"90m":                         "5400",
		"999999d 999999h 999999m 59s": "9.0059909999e+10",
		"":                            "absent",
		"d":                           "absent",
		"14":                          "absent", // of what?
		"2d 14":                       "absent",
		"33m 2d":                      "absent",
		"-1d":                         "absent",
		"1.5h":                        "absent",
		"1d, 2h":                      "absent",
		"1000000d":                    "absent",
		"2 days":                      "absent",
		"n/a":                         "absent",
		"1d\n2h\nx":                   "absent",
	} {
		var s powersentrix.State
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.MergeNew([]byte(`{"mainUptime":`+string(quoted)+`}`), ""); err != nil {
			t.Fatal(err)
		}
		got := "absent"
		for _, u := range s.Device("", powersentrix.Options{}).Uptimes {
			got = u.Uptime.String()
		}
		if got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

// TestUptimesOfControllers checks which controller a time belongs to.
func TestUptimesOfControllers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ ident, data, basic, want string }{
		{`{"comUptime":"1m","mainUptime":"2m"}`, `{"upsData":{"uptime":"3m"}}`, `{"name":"","comUptime":"4m","mainUptime":"5m"}`, "com=60 main=120"},
		{`{"comUptime":"odd","mainUptime":"odd"}`, `{"upsData":{"uptime":"3m"}}`, `{"name":"","comUptime":"4m","mainUptime":"5m"}`, "com=240 main=180"},
		{`{"sn":""}`, `{"upsData":{"uptime":null}}`, `{"name":"","mainUptime":"5m"}`, "main=300"},
		{`{"sn":""}`, `{"upsData":{}}`, `{"name":""}`, ""},
	} {
		var s powersentrix.State
		for _, err := range []error{s.MergeData([]byte(tt.data)), s.MergeNew([]byte(tt.ident), ""), s.MergeBasic([]byte(tt.basic))} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, u := range s.Device("", powersentrix.Options{}).Uptimes {
			got = append(got, u.Controller+"="+u.Uptime.String())
		}
		if all := strings.Join(got, " "); all != tt.want {
			t.Errorf("%s, %s, %s: got %q, want %q", tt.ident, tt.data, tt.basic, all, tt.want)
		}
	}
}
