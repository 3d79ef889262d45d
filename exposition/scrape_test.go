package exposition

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"power_exporter/power"
)

// Whatever is exported, its text is that of client_golang, to the byte. What one
// refuses the other refuses.
func TestTextIsThatOfClientGolang(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		devices := make([]power.Device, rapid.IntRange(0, 2).Draw(r, "devices"))
		for i := range devices {
			draw(r, reflect.ValueOf(&devices[i]).Elem())
		}
		if rapid.IntRange(0, 9).Draw(r, "validated") > 0 {
			power.Validate(devices)
		}
		probe := everyProbe()
		probe.Requests = probe.Requests[:rapid.IntRange(0, len(probe.Requests)).Draw(r, "requests")]

		registry := prometheus.NewRegistry()
		registry.MustRegister(NewCollector(devices), probe)
		families, want := registry.Gather()
		var got strings.Builder
		err := WriteText(&got, devices, probe)
		if (want == nil) != (err == nil) {
			r.Fatalf("the error is %v, client_golang's %v", err, want)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(text(t, families), got.String()); diff != "" {
			r.Fatalf("difference from client_golang's text (-):\n%s", diff)
		}
	})
}

// Devices come in any order, and a fleet is sorted device by device.
func TestTextOfFleetIsThatOfClientGolang(t *testing.T) {
	devices := fleet(200)
	var got strings.Builder
	if err := WriteText(&got, devices, Probe{}); err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(checked{devices}, Probe{})
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text(t, families), got.String()); diff != "" {
		t.Errorf("difference from client_golang's text (-):\n%s", diff)
	}
}

// Every number is written as client_golang writes it.
func TestTextOfNumbers(t *testing.T) {
	f := newGauge("power_test", `Test "of" \ two`+"\nlines.", labelNames{"n"})
	for _, tt := range []struct {
		value float64
		want  string
	}{
		{0, "0"},
		{math.Copysign(0, -1), "0"},
		{1, "1"},
		{-1, "-1"},
		{100, "100"},
		{230.4, "230.4"},
		{1e21, "1e+21"},
		{1.7e9 + 0.123, "1.700000000123e+09"},
		{5e-324, "5e-324"},
		{math.MaxFloat64, "1.7976931348623157e+308"},
	} {
		s := series{family: f, samples: []sample{{labelValues{"a\\\n\"é"}, tt.value}}}
		if got, want := string(s.line(nil, &s.samples[0])), `power_test{n="a\\\n\"é"} `+tt.want+"\n"; got != want {
			t.Errorf("%v is written as %q, want %q", tt.value, got, want)
		}
	}
	if want := "# HELP power_test Test \"of\" \\\\ two\\nlines.\n# TYPE power_test gauge\n"; f.head != want {
		t.Errorf("the head is %q, want %q", f.head, want)
	}
}

func TestDuplicatesAreRefused(t *testing.T) {
	twice := []power.Device{{ID: "a"}, {ID: "b"}, {ID: "a"}}
	if err := WriteText(&strings.Builder{}, twice, Probe{}); err == nil || !strings.Contains(err.Error(), "two samples with the labels") {
		t.Errorf("two devices with one id: the error is %v", err)
	}
	points := []power.Device{{ID: "a", Batteries: []power.Battery{
		{ID: "1", Voltage: power.Volts(power.Of(1))}, {ID: "2", Voltage: power.Volts(power.Of(1))}, {ID: "1", Voltage: power.Volts(power.Of(2))},
	}}}
	const want = `power_battery_voltage_volts has two samples with the labels ["a" "1" ""]`
	if err := WriteText(&strings.Builder{}, points, Probe{}); err == nil || err.Error() != want {
		t.Errorf("two batteries with one id: the error is %v, want %s", err, want)
	}
	broken := []power.Device{{ID: "a\xff"}}
	if err := WriteText(&strings.Builder{}, broken, Probe{}); err == nil || !strings.Contains(err.Error(), `not UTF-8: "a\xff"`) {
		t.Errorf("an id that is not UTF-8: the error is %v", err)
	}
}

func TestTextSaysWhenItCannotBeWritten(t *testing.T) {
	full := errors.New("disk full")
	w := writer(func([]byte) (int, error) { return 0, full })
	if err := WriteText(w, fleet(100), Probe{}); !errors.Is(err, full) {
		t.Errorf("the error is %v, want %v", err, full)
	}
}
