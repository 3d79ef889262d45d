package powersentrix_test

import (
	"strings"
	"testing"

	"power_exporter/internal/powersentrix"
)

// TestOutlets checks how what is measured and what is configured come together.
func TestOutlets(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ data, want string }{
		"measured wins over configured": {
			`{"config":{"outputs":[{"id":0,"description":"Router","status":"ON","voltage":4810}]},"upsData":{"voltages":[0],"outputs":[0]}}`,
			"0 Router: on 0, 0 V, absent A",
		},
		"configured alone": {
			`{"config":{"outputs":[{"id":7,"description":" Camera ","status":"off","voltage":"502"},{"id":"3","status":"?"}]}}`,
			"7 Camera: on 0, 5.02 V, absent A; 3 : on absent, absent V, absent A",
		},
		"configured where the measured is null": {
			`{"config":{"outputs":[{"id":0,"status":"ON","voltage":4810}]},"upsData":{"voltages":[null],"outputs":["?"],"currents":[150]}}`,
			"0 : on 1, 48.1 V, 0.15 A",
		},
		"null is no output": {
			`{"config":{"outputs":[{"id":1,"description":"Switch"},null,7]},"upsData":{"outputs":[1,1]}}`,
			"0 : on 1, absent V, absent A; 1 Switch: on 1, absent V, absent A",
		},
		"without an id it is the place that counts": {
			`{"config":{"outputs":[null,{"description":"Switch"}]},"upsData":{"outputs":[1,0]}}`,
			"0 : on 1, absent V, absent A; 1 Switch: on 0, absent V, absent A",
		},
		"an id that is no number": {
			`{"config":{"outputs":[{"id":"A","description":"Aux","status":"ON"}]},"upsData":{"outputs":[0]}}`,
			"0 : on 0, absent V, absent A; A Aux: on 1, absent V, absent A",
		},
		"lists of different lengths": {
			`{"upsData":{"voltages":[1],"currents":[2,3],"outputs":[1,0,1]}}`,
			"0 : on 1, 0.01 V, 0.002 A; 1 : on 0, absent V, 0.003 A; 2 : on 1, absent V, absent A",
		},
		"one value where lists belong": {
			`{"config":{"outputs":{"id":0,"description":"Router"}},"upsData":{"voltages":4810,"currents":"150","outputs":true}}`,
			"0 Router: on 1, 48.1 V, 0.15 A",
		},
		"nothing": {`{"upsData":{"voltages":[],"outputs":null}}`, ""},
	} {
		var s powersentrix.State
		if err := s.MergeData([]byte(tt.data)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range s.Device("", powersentrix.Options{}).Outlets {
			got = append(got, o.ID+" "+o.Name+": on "+o.On.String()+", "+o.Voltage.String()+" V, "+o.Current.String()+" A")
		}
		if all := strings.Join(got, "; "); all != tt.want {
			t.Errorf("%s: the outlets are\n%s\nwant\n%s", name, all, tt.want)
		}
	}
}
