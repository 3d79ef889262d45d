package simmodel_test

import (
	"errors"
	"slices"
	"testing"
	"testing/fstest"

	"power_exporter/cmd/powersim/simmodel"
)

func TestNames(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"models/b.json": {}, "models/a/x.json": {}, "models/a-b.json": {}, "devices/ups.dev": {}, "other.json": {}}
	for folder, want := range map[string][]string{"models": {"a", "a-b", "b"}, "devices": {"ups"}, "models/a": {"x"}} {
		if got := simmodel.Names(files, folder); !slices.Equal(got, want) {
			t.Errorf("%s: %v", folder, got)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a folder that is not there")
		}
	}()
	simmodel.Names(files, "nothing")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	names := []string{"manual", "site"}
	if err := simmodel.Check("site", names); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", "sit", "../site", "Site"} {
		if err := simmodel.Check(name, names); err == nil || err.Error() != `no model "`+name+`", there are manual, site` {
			t.Error(err)
		}
	}
}

func TestMust(t *testing.T) {
	t.Parallel()
	if got := simmodel.Must(7, nil); got != 7 {
		t.Error(got)
	}
	defer func() {
		if got := recover(); got != errors.ErrUnsupported { //nolint:errorlint // the very error is wanted
			t.Error(got)
		}
	}()
	simmodel.Must(7, errors.ErrUnsupported)
}
