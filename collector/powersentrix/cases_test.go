package powersentrix

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// documented are the cases of internal/powersentrix that a UPS or the portal can
// tell at once: what was pushed in parts and what only registered is not here.
var documented = []struct {
	folder string
	data   string // the answer to fn=2, and of getUpsComplexObject
	basic  string // the answer of getBasicInfo; empty for one that says no more than online
	id     string // of a UPS that is asked directly, where only the portal knows its cmm
}{
	{folder: "document", data: "2-data.json"},
	{folder: "minimal", data: "1-data.json", id: "127.0.0.1"},
	{folder: "nulls", data: "1-data.json"},
	{folder: "portal", data: "1-data.json", basic: "2-basic.json"},
	{folder: "portal-offline", data: "1-data.json", basic: "2-basic.json"},
	{folder: "ten-milliamperes", data: "1-data.json"},
	{folder: "texts-and-numbers", data: "1-data.json"},
	{folder: "thirteen-outputs", data: "1-data.json", id: "ups-01"},
	{folder: "two-supplies", data: "1-data.json"},
}

// TestDocumentedCases reads the cases of internal/powersentrix directly and
// through the portal. Both export what the case says.
func TestDocumentedCases(t *testing.T) {
	t.Parallel()
	for _, tt := range documented {
		in := filepath.Join("../../internal/powersentrix/testdata/cases", tt.folder)
		var given struct {
			CMM         string `json:"cmm"`
			CurrentUnit string `json:"current_unit"`
			Native      bool   `json:"native"`
		}
		if err := json.Unmarshal(file(t, filepath.Join(in, "case.json")), &given); err != nil {
			t.Fatal(err)
		}
		data, want := file(t, filepath.Join(in, tt.data)), string(file(t, filepath.Join(in, "metrics.prom")))
		settings := func(o Options) Options {
			o.Natives = given.Native
			if given.CurrentUnit == "10mA" {
				o.CurrentUnit = powersentrix.CentiAmperes
			}
			return o
		}
		t.Run(tt.folder+"/portal", func(t *testing.T) {
			t.Parallel()
			basic := []byte(`{"onOffLine":"online"}`)
			if tt.basic != "" {
				basic = file(t, filepath.Join(in, tt.basic))
			}
			address := answer(t, func(_ http.ResponseWriter, r *http.Request) string {
				switch r.URL.Path {
				case "/api/v1/user/authenticate":
					return `{"token":"t"}`
				case "/api/v1/ups/getUpsList":
					return fmt.Sprintf(`{"responseMessage":"OK","responseObject":[{"id":42,"cmm":%q}]}`, given.CMM)
				case "/api/v1/ups/getBasicInfo":
					return string(basic)
				default:
					return string(data)
				}
			})
			compare(t, start(t, settings(portalOptions(t, address))), "", want)
		})
		if tt.basic != "" {
			continue
		}
		t.Run(tt.folder+"/direct", func(t *testing.T) {
			t.Parallel()
			address := answer(t, func(w http.ResponseWriter, r *http.Request) string {
				if r.URL.RawQuery == "apiKey="+key+"&fn=2" {
					return string(data)
				}
				w.WriteHeader(http.StatusBadRequest)
				return ""
			})
			c := start(t, settings(options(t, address)))
			if tt.id == "" {
				compare(t, c, "", want)
				return
			}
			if d := mustCollect(t, c); d[0].ID != tt.id {
				t.Errorf("the id is %q, want %q", d[0].ID, tt.id)
			}
			compare(t, c, given.CMM, want)
		})
	}
}

// TestSimulated reads the simulator's models, each more than once.
func TestSimulated(t *testing.T) {
	t.Parallel()
	for _, name := range powersentrixsim.Models() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, address := powersentrixsim.StartUPS(t, powersentrixsim.Options{APIKey: key}, powersentrixsim.MustRecorded(name))
			o := options(t, address)
			if name == "tenmilliamp" {
				o.CurrentUnit = powersentrix.CentiAmperes
			}
			c := start(t, o)
			for range 3 {
				goldenMetrics(t, c, "testdata/direct/"+name+".prom")
			}
		})
	}
	t.Run("portal", func(t *testing.T) {
		t.Parallel()
		all := entries(t)
		all = append(all, powersentrixsim.Entry{ID: "7b", Name: "Branch", Offline: true, UPS: ups(t, powersentrixsim.MustRecorded("full"))})
		c, _ := startPortal(t, all, withLog, func(o *Options) { o.Natives = true })
		all[0].UPS.Record("I/E01", "Output 1 turned ON", "")
		for range 3 {
			goldenMetrics(t, c, "testdata/portal.prom")
		}
	})
}

// answer serves until the test ends, and gives the address.
func answer(tb testing.TB, say func(http.ResponseWriter, *http.Request) string) string {
	tb.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(say(w, r))) // a client that left needs no answer
	}))
	tb.Cleanup(server.Close)
	return server.URL
}

// file is the content of a file.
func file(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// gather is the metrics of one reading, with the first device under another id
// unless that is empty.
func gather(tb testing.TB, c *Collector, id string) string {
	tb.Helper()
	devices := mustCollect(tb, c)
	for _, mended := range power.Validate(devices) {
		tb.Errorf("mended: %v", mended)
	}
	if id != "" {
		devices[0].ID = id
	}
	return golden.Gather(tb, exposition.NewCollector(devices))
}

// compare compares the metrics of two readings, a first and a later one, with
// what is right.
func compare(tb testing.TB, c *Collector, id, want string) {
	tb.Helper()
	for range 2 {
		if diff := cmp.Diff(want, gather(tb, c, id)); diff != "" {
			tb.Errorf("the metrics differ (-want +got):\n%s", diff)
		}
	}
}

// goldenMetrics compares the metrics of one reading with a file.
func goldenMetrics(tb testing.TB, c *Collector, path string) {
	tb.Helper()
	golden.Text(tb, path, gather(tb, c, ""))
}
