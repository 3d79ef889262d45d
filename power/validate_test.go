package power_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"power_exporter/power"
)

func TestValidateIDs(t *testing.T) {
	for name, test := range map[string]struct{ given, want []string }{
		"none":                      {nil, nil},
		"one":                       {[]string{"1"}, []string{"1"}},
		"one empty":                 {[]string{""}, []string{""}},
		"all different":             {[]string{"2", "1", "3"}, []string{"2", "1", "3"}},
		"repeated":                  {[]string{"3", "3", "3"}, []string{"3", "3#2", "3#3"}},
		"empty":                     {[]string{"", "", "1"}, []string{"", "#2", "1"}},
		"the new id is taken":       {[]string{"3", "3#2", "3"}, []string{"3", "3#2", "3#3"}},
		"the new id is taken later": {[]string{"3", "3", "3#2"}, []string{"3", "3#3", "3#2"}},
		"the new id is repeated":    {[]string{"3#2", "3#2", "3", "3"}, []string{"3#2", "3#2#2", "3", "3#3"}},
		"collide once cleaned":      {[]string{"a\xff", "a\xfe", "a\uFFFD"}, []string{"a\uFFFD", "a\uFFFD#2", "a\uFFFD#3"}},
		"a run of bad bytes":        {[]string{"\xff\xfe", "\xff"}, []string{"\uFFFD", "\uFFFD#2"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := power.Device{ID: "pdu"}
			for _, id := range test.given {
				d.Outlets = append(d.Outlets, power.Outlet{ID: id})
			}
			devices := []power.Device{d}
			power.Validate(devices)
			var got []string
			for _, o := range devices[0].Outlets {
				got = append(got, o.ID)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("difference from the wanted ids (-) to those it has (+):\n%s", diff)
			}
		})
	}
}

func TestValidateDevices(t *testing.T) {
	devices := []power.Device{{ID: "ups"}, {ID: "ups"}, {ID: "other"}, {ID: "ups\xff"}, {ID: "ups\xfe"}}
	power.Validate(devices)
	var ids []string
	for _, d := range devices {
		ids = append(ids, d.ID)
	}
	if diff := cmp.Diff([]string{"ups", "ups#2", "other", "ups\uFFFD", "ups\uFFFD#2"}, ids); diff != "" {
		t.Errorf("difference from the wanted ids (-) to those it has (+):\n%s", diff)
	}
}

func TestValidateSentences(t *testing.T) {
	devices := []power.Device{
		{ID: "fine", Outlets: []power.Outlet{{ID: "1"}, {ID: "2"}}},
		{
			ID: "rack", Uptimes: []power.Uptime{{}, {}},
			Inlets: []power.Inlet{
				{ID: "A", Lines: []power.Line{{ID: "L1"}, {ID: "L1"}}, ATS: []power.ATSInlet{{ID: "a"}, {ID: "a"}}},
				{ID: "A", Lines: []power.Line{{ID: "L1"}}},
			},
			Bypasses:  []power.Bypass{{ID: "1", Lines: []power.Line{{ID: "L2"}, {ID: "L2"}}}, {ID: "1"}},
			Outputs:   []power.Output{{ID: "1", Lines: []power.Line{{ID: "L3"}, {ID: "L3"}}}, {ID: "1"}},
			Circuits:  []power.Circuit{{ID: "1", Lines: []power.Line{{ID: "N"}, {ID: "N"}}}, {ID: "1"}},
			Outlets:   []power.Outlet{{ID: "3"}, {ID: "3"}},
			Groups:    []power.OutletGroup{{ID: "g", Outlets: []string{"3", "3"}}, {ID: "g"}},
			Batteries: []power.Battery{{ID: "b", Cells: []power.Cell{{ID: "0"}, {ID: "0"}}}, {ID: "b"}},
			Sensors: []power.Sensor{{
				ID: "s", Inputs: []power.SensorInput{{ID: "i"}, {ID: "i"}}, Relays: []power.SensorRelay{{ID: "r"}, {ID: "r"}},
			}, {ID: "s"}},
			Events: []power.Event{{Code: "E01"}, {Code: "E01"}},
			Alarms: []power.Alarm{{ID: "7"}, {ID: "7"}},
			Natives: []power.NativeReading{
				{Point: "input", ID: "1", Name: "x"},
				{Point: "output", ID: "1", Name: "x"},
				{Point: "output", ID: "1", Name: "x"},
				{Point: "input", ID: "1", Name: "x"},
				{Point: "input", ID: "2", Name: "x"},
			},
		},
		{ID: "rack"},
	}
	var got []string
	for _, err := range power.Validate(devices) {
		got = append(got, err.Error())
	}
	if diff := cmp.Diff([]string{
		`several of kind device have the id "rack": all but the first are exported as "rack#2" and so on`,
		`device "rack": several of kind controller have the id "": all but the first are exported as "#2" and so on`,
		`device "rack": several of kind inlet have the id "A": all but the first are exported as "A#2" and so on`,
		`device "rack": several of kind line have the id "L1": all but the first are exported as "L1#2" and so on`,
		`device "rack": several of kind ATS inlet have the id "a": all but the first are exported as "a#2" and so on`,
		`device "rack": several of kind bypass have the id "1": all but the first are exported as "1#2" and so on`,
		`device "rack": several of kind line have the id "L2": all but the first are exported as "L2#2" and so on`,
		`device "rack": several of kind output have the id "1": all but the first are exported as "1#2" and so on`,
		`device "rack": several of kind line have the id "L3": all but the first are exported as "L3#2" and so on`,
		`device "rack": several of kind circuit have the id "1": all but the first are exported as "1#2" and so on`,
		`device "rack": several of kind line have the id "N": all but the first are exported as "N#2" and so on`,
		`device "rack": several of kind outlet have the id "3": all but the first are exported as "3#2" and so on`,
		`device "rack": several of kind outlet group have the id "g": all but the first are exported as "g#2" and so on`,
		`device "rack": several of kind outlet of a group have the id "3": all but the first are exported as "3#2" and so on`,
		`device "rack": several of kind battery have the id "b": all but the first are exported as "b#2" and so on`,
		`device "rack": several of kind cell have the id "0": all but the first are exported as "0#2" and so on`,
		`device "rack": several of kind sensor have the id "s": all but the first are exported as "s#2" and so on`,
		`device "rack": several of kind input have the id "i": all but the first are exported as "i#2" and so on`,
		`device "rack": several of kind relay have the id "r": all but the first are exported as "r#2" and so on`,
		`device "rack": several of kind event code have the id "E01": all but the first are exported as "E01#2" and so on`,
		`device "rack": several of kind alarm have the id "7": all but the first are exported as "7#2" and so on`,
		`device "rack": several of kind native reading have the id "x": all but the first are exported as "x#2" and so on`,
		`device "rack": several of kind native reading have the id "x": all but the first are exported as "x#2" and so on`,
	}, got); diff != "" {
		t.Errorf("difference from the wanted sentences (-) to those it says (+):\n%s", diff)
	}
	if errs := power.Validate(devices); len(errs) != 0 {
		t.Errorf("devices that were mended have something to mend: %v", errs)
	}
}

func TestValidateKeepsReadings(t *testing.T) {
	devices := []power.Device{{ID: "pdu", Outlets: []power.Outlet{
		{ID: "3", Name: "NAS", On: power.Boolean(true)},
		{ID: "3", Name: "switch", On: power.Boolean(false)},
	}}}
	power.Validate(devices)
	got := devices[0].Outlets
	if len(got) != 2 || got[0].Name != "NAS" || got[1].Name != "switch" || got[0].On != power.Boolean(true) || got[1].On != power.Boolean(false) {
		t.Errorf("the outlets are not what they were: %+v", got)
	}
}

func TestValidateText(t *testing.T) {
	devices := []power.Device{{
		ID: "ups", Name: "caf\xe9", Location: "caf\u00e9",
		States: power.StatesOf("eco\xff"),
	}}
	if errs := power.Validate(devices); len(errs) != 0 {
		t.Errorf("cleaning text is worth no sentence, but there is %v", errs)
	}
	if got := devices[0].Name; got != "caf\uFFFD" {
		t.Errorf("the name is %q", got)
	}
	if got := devices[0].Location; got != "caf\u00e9" {
		t.Errorf("valid text was changed to %q", got)
	}
	states := order(devices[0].States)
	if !slices.Contains(states, "eco\uFFFD") || slices.ContainsFunc(states, func(s power.State) bool { return !utf8.ValidString(string(s)) }) {
		t.Errorf("the states are %q", states)
	}
}

// TestWhatNoDeviceMeansIsCut shows that a hostile device cannot fill a scrape.
func TestWhatNoDeviceMeansIsCut(t *testing.T) {
	long := strings.Repeat("x", 255) + "é"
	devices := []power.Device{{ID: "a", Name: long, Outlets: make([]power.Outlet, 16387)}}
	mended := power.Validate(devices)
	d := devices[0]
	if len(d.Outlets) != 16384 || len(d.Name) > 258 || !strings.HasPrefix(d.Name, "xxx") || !utf8.ValidString(d.Name) {
		t.Errorf("%d outlets, a name of %d bytes", len(d.Outlets), len(d.Name))
	}
	if len(mended) == 0 || mended[0].Error() != `device "a" has 16387 outlets: only 16384 are exported` {
		t.Errorf("mended %v", mended)
	}
}
