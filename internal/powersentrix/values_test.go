package powersentrix

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"power_exporter/power"
)

// TestSlots checks that members keep their place.
func TestSlots(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`[4810,4805]`:            "4810 4805",
		`[4810,null,"2410",0]`:   "4810 absent 2410 0",
		`[{},[],true,"n/a",502]`: "absent absent absent absent 502",
		`4810`:                   "4810",
		`"4810"`:                 "4810",
		`[]`:                     "",
		`null`:                   "",
		`[ 1 , 2 ]`:              "1 2",
	} {
		list := Slots[Number]{{power.Of(99)}, {power.Of(99)}, {power.Of(99)}}
		if err := json.Unmarshal([]byte(data), &list); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range list {
			got = append(got, power.Raw(n.Number).String())
		}
		if all := strings.Join(got, " "); all != want {
			t.Errorf("%s is read as %q, want %q", data, all, want)
		}
	}
}

// TestSlotsAreReplaced checks that nothing of an old list shines through where
// the new one is silent, and that whoever still has the old one keeps it.
func TestSlotsAreReplaced(t *testing.T) {
	t.Parallel()
	list := Slots[Output]{{ID: "0", Description: "Router"}, {ID: "1", Description: "Camera"}}
	old := slices.Clone(list)
	shared := list
	if err := json.Unmarshal([]byte(`[{"id":5},"odd",{"id":{},"status":"ON"}]`), &list); err != nil {
		t.Fatal(err)
	}
	if want := (Slots[Output]{{ID: "5"}, {}, {Status: "ON"}}); !slices.Equal(list, want) {
		t.Errorf("the new list is %+v, want %+v", list, want)
	}
	if !slices.Equal(shared, old) {
		t.Errorf("the old list has become %+v", shared)
	}
}

// TestSlotsAreBounded checks that a long list is read in part.
func TestSlotsAreBounded(t *testing.T) {
	t.Parallel()
	var list Slots[Number]
	if err := json.Unmarshal([]byte("["+strings.Repeat("7,", 100_000)+"7]"), &list); err != nil || len(list) != 128 {
		t.Errorf("of a list of 100001 numbers %d were read: %v", len(list), err)
	}
}

func TestSlotsBeyondTheEnd(t *testing.T) {
	t.Parallel()
	list := Slots[Number]{{power.Of(1)}}
	if list.at(0) != (Number{power.Of(1)}) || list.at(1) != (Number{}) || Slots[Number](nil).at(0) != (Number{}) {
		t.Errorf("got %v, %v and %v", list.at(0), list.at(1), Slots[Number](nil).at(0))
	}
}

// TestNumberAsJSON checks that a number that is kept comes back as it was.
func TestNumberAsJSON(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`4810`: `4810`, `"042.70"`: `42.7`, `-0.1`: `-0.1`, `1e300`: `1e+300`, `0`: `0`, `null`: `null`, `"n/a"`: `null`, `{}`: `null`,
	} {
		var n, again Number
		if err := json.Unmarshal([]byte(data), &n); err != nil {
			t.Fatal(err)
		}
		kept, err := json.Marshal(n)
		if err != nil || string(kept) != want {
			t.Errorf("%s is kept as %s, want %s: %v", data, kept, want, err)
		}
		if err := json.Unmarshal(kept, &again); err != nil || again != n {
			t.Errorf("%s was kept as %s and came back as %v, not %v: %v", data, kept, again, n, err)
		}
	}
}

// FuzzSlots reads arbitrary bytes as a list.
func FuzzSlots(f *testing.F) {
	for _, seed := range []string{`[1,null,"2"]`, `{}`, `[`, ``, `[[1],{"id":1}]`, `null`, `"x"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var numbers Slots[Number]
		var outputs Slots[Output]
		for _, err := range []error{numbers.UnmarshalJSON(data), outputs.UnmarshalJSON(data)} {
			if err != nil {
				t.Errorf("%q: %v", data, err)
			}
		}
		if len(numbers) > maxSlots || len(numbers) != len(outputs) {
			t.Errorf("%q: %d numbers, %d outputs", data, len(numbers), len(outputs))
		}
		if kept, err := json.Marshal(numbers); err != nil || !json.Valid(kept) {
			t.Error(fmt.Errorf("keeping %q: %w", data, err))
		}
	})
}
