package nutsim_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
)

func TestDevices(t *testing.T) {
	if diff := cmp.Diff([]string{"epdu", "homelab", "onbattery", "rack3ph", "stale"}, nutsim.Devices()); diff != "" {
		t.Error(diff)
	}
	for _, name := range nutsim.Devices() {
		u := device(t, name)
		if u.Name != name || (u.State == nutsim.StateStale) != (name == "stale") {
			t.Errorf("%s is called %s and is %s", name, u.Name, u.State)
		}
		for _, must := range []string{"device.type", "device.mfr", "device.model", "device.serial", "ups.status", "driver.name"} {
			if u.Variables[must] == "" {
				t.Errorf("%s has no %s", name, must)
			}
		}
	}
	words := strings.Fields(device(t, "onbattery").Variables["ups.status"])
	for _, word := range []string{"OB", "DISCHRG", "LB"} {
		if !slices.Contains(words, word) {
			t.Errorf("onbattery is %q", words)
		}
	}
	if _, err := nutsim.Device("nope"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestReadDevice(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       map[string]string
		err        string
	}{
		{name: "nothing", want: map[string]string{}},
		{name: "comments and blanks", text: "# a\n\n  ups.load:  5 # b\nups.status: OL", want: map[string]string{"ups.load": "5", "ups.status": "OL"}},
		{name: "words", text: "ups.model: a  b \"c  d\" e\\#f g=h\n", want: map[string]string{"ups.model": "a b c  d e#f g = h"}},
		{name: "the last one counts", text: "a: 1\na: 2\n", want: map[string]string{"a": "2"}},
		{name: "no value", text: "ups.id:\n", err: `no name, colon and value in ["ups.id:"]`},
		{name: "no colon", text: "ups.id 5\n", err: `no name, colon and value in ["ups.id" "5"]`},
		{name: "blank before the colon", text: "ups.id : 5\n", err: `no name, colon and value in ["ups.id" ":" "5"]`},
		{name: "hash inside quotes", text: "ups.id: \"#5\"\n", err: "unescaped # in quotes"},
		{name: "open quotes", text: "a: 1\nups.id: \"5\n", err: "quotes are open at the end, after 1 variables"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := nutsim.ReadDevice(strings.NewReader(tt.text))
			if err == nil && tt.err != "" || err != nil && err.Error() != tt.err {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, u.Variables); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := nutsim.ReadDevice(iotest.ErrReader(fs.ErrInvalid)); !errors.Is(err, fs.ErrInvalid) {
		t.Error(err)
	}
}
