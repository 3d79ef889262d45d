package powerpulsesim_test

import (
	"slices"
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simtest"
)

// Of five UPSes of one upsd four are mixed at each request, each time in
// another way, and each is right once in five times. Who is mixed can be told.
func TestMixed(t *testing.T) {
	t.Parallel()
	server, url := recorded(t, powerpulsesim.Options{}, "mixed")
	token := logIn(t, url)
	truth := known(t, server)
	right := map[string]int{}
	var answers []string
	for range 5 {
		for _, path := range []string{systems, kiosk} {
			a := get(t, url+path, token)
			if slices.Contains(answers, a.Body) {
				t.Error("an answer came twice")
			}
			answers = append(answers, a.Body)
			told := 0
			for i, s := range simtest.Decoded[[]system](t, a.Body) {
				if s.ID != truth[i].ID || s.Name != truth[i].Name || s.DisplayName != truth[i].DisplayName || s.NutServerID != 1 || string(s.RawVariables) != "[]" {
					t.Errorf("%+v", s)
				}
				if s.DeviceDetails.Serial == s.UpsDetails.Serial && *s.Model == s.UpsDetails.Model {
					told++
					right[s.Name]++
					consistent(t, "mixed", s)
					if *s.BatteryCharge != *truth[i].BatteryCharge || s.UpsDetails.Status != truth[i].UpsDetails.Status || *s.Load != *truth[i].Load {
						t.Errorf("%s seems right, and is not", s.Name)
					}
				}
			}
			if told != 1 {
				t.Errorf("%d of the UPSes are right", told)
			}
		}
	}
	for _, s := range truth {
		if right[s.Name] != 2 {
			t.Errorf("%s was right %d times of 10", s.Name, right[s.Name])
		}
	}
}

// The mark is in the serial numbers alone, in the models alone, and in both.
func TestMixtures(t *testing.T) {
	t.Parallel()
	_, url := recorded(t, powerpulsesim.Options{}, "mixed")
	type marks struct{ serial, model bool }
	seen := map[marks]int{}
	for _, s := range simtest.Decoded[[]system](t, get(t, url+kiosk, "").Body) {
		seen[marks{s.DeviceDetails.Serial != s.UpsDetails.Serial, *s.Model != s.UpsDetails.Model}]++
	}
	for marks, want := range map[marks]int{{false, false}: 1, {true, false}: 1, {false, true}: 1, {true, true}: 2} {
		if seen[marks] != want {
			t.Errorf("%+v: %d", marks, seen[marks])
		}
	}
}

// A single UPS has nobody to be mixed with, and one that is down has no details
// to give.
func TestNothingToMix(t *testing.T) {
	t.Parallel()
	manual := powerpulsesim.MustRecorded("manual")
	manual.Mixed = true
	_, url := powerpulsesim.Start(t, powerpulsesim.Options{}, manual)
	down := powerpulsesim.MustRecorded("down")
	down.Mixed = true
	server, other := powerpulsesim.Start(t, powerpulsesim.Options{}, down)
	for range 6 {
		if a := get(t, url+kiosk, ""); a.Body != "["+document+"]" {
			t.Error(a.Body)
		}
		for i, s := range simtest.Decoded[[]system](t, get(t, other+kiosk, "").Body) {
			if truth := known(t, server)[i]; s.Name != truth.Name || (s.UpsDetails == nil) != (truth.UpsDetails == nil) {
				t.Errorf("%+v", s)
			}
		}
	}
}
