package cloudtrax

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/internal/lenient"
)

// TestFailuresOfOneReason shows the error of a network of which no strip can be
// read: a line, and not one each.
func TestFailuresOfOneReason(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Large(40))
	for i := range 40 {
		cloud.SetFault(stripPath(int64(100001+i)), simfault.Fault{Status: 500})
	}
	o := options(t, address, large)
	o.MaxConcurrency = 1
	devices, err := collect(t, open(t, o))
	want := `reading 36 strips (strip ac:86:74:01:86:a1 ("Strip 0001"), strip ac:86:74:01:86:a2 ("Strip 0002"), strip ac:86:74:01:86:a3 ("Strip 0003"), ` +
		`strip ac:86:74:01:86:a4 ("Strip 0004"), strip ac:86:74:01:86:a5 ("Strip 0005"), strip ac:86:74:01:86:a6 ("Strip 0006"), strip ac:86:74:01:86:a7 ("Strip 0007"), ` +
		`strip ac:86:74:01:86:a8 ("Strip 0008"), strip ac:86:74:01:86:a9 ("Strip 0009"), strip ac:86:74:01:86:ab ("Strip 0011") and 26 more): ` +
		`GET /powerstrip/100001: 500 Internal Server Error`
	if m := message(err); len(devices) != 40 || m != want {
		t.Errorf("%d devices, error\n%s\nwant\n%s", len(devices), m, want)
	}
}

// TestFailures shows that the error of many strips with many reasons is short, and
// that one of a few names them all.
func TestFailures(t *testing.T) {
	t.Parallel()
	var f failures
	for i := range 100 {
		s := strip{ID: lenient.Text(strconv.Itoa(i)), MAC: lenient.Text(fmt.Sprintf("AA%03d", i)), Name: lenient.Text(strings.Repeat("long ", 1000))}
		if i < 2 {
			s.Name = ""
		}
		f.add(&s, fmt.Errorf("GET http://x/powerstrip/%d: reason %d", i, i/2))
	}
	errs := f.errors()
	if len(errs) != maxReasons+1 || errs[0].Error() != "reading 2 strips (strip aa000, strip aa001): GET http://x/powerstrip/0: reason 0" ||
		errs[maxReasons].Error() != "reading 90 more strips failed for other reasons" {
		t.Errorf("errors %v", errs)
	}
	if n := len(errors.Join(errs...).Error()); n > 1200 {
		t.Errorf("the error has %d bytes", n)
	}
}
