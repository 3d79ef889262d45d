package power

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAllDown shows what is left of devices, and that they themselves stay.
func TestAllDown(t *testing.T) {
	t.Parallel()
	read := []Device{
		{
			ID: "a", Vendor: "v", Model: "m", Serial: "s", Firmware: "f", Hardware: "h", Kind: KindUPS, Name: "n", Location: "l",
			Up: true, Outlets: []Outlet{{ID: "1"}}, Events: []Event{{}},
		},
		{ID: "b"},
	}
	want := []Device{
		{ID: "a", Vendor: "v", Model: "m", Serial: "s", Firmware: "f", Hardware: "h", Kind: KindUPS, Name: "n", Location: "l"},
		{ID: "b"},
	}
	if diff := cmp.Diff(want, AllDown(read), cmp.AllowUnexported(Value{}, States{})); diff != "" {
		t.Errorf("difference from what should be left (-) to what is (+):\n%s", diff)
	}
	if !read[0].Up || len(read[0].Outlets) != 1 || len(AllDown(nil)) != 0 {
		t.Errorf("they have changed: %+v", read)
	}
}
