package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// strict is what Grafana's own model says against a dashboard. It is not strict
// about the field configuration of panels unless that is given to it alone.
func strict(text []byte) error {
	all := []error{some(dashboard.NewDashboard().UnmarshalJSONStrict(text))}
	var parts struct {
		Panels []struct {
			Title       string          `json:"title"`
			FieldConfig json.RawMessage `json:"fieldConfig"`
		} `json:"panels"`
	}
	all = append(all, json.Unmarshal(text, &parts))
	for _, p := range parts.Panels {
		if err := some(dashboard.NewFieldConfigSource().UnmarshalJSONStrict(p.FieldConfig)); err != nil {
			all = append(all, fmt.Errorf("the field configuration of %q: %w", p.Title, err))
		}
	}
	return errors.Join(all...)
}

// some is the error if there is one: none is an empty list, which is not nil.
func some(err error) error {
	if errs, ok := errors.AsType[cog.BuildErrors](err); ok && len(errs) == 0 {
		return nil
	}
	return err
}

// TestStrict has Grafana's own model look for fields that are missing, of the
// wrong type, or that it does not know.
func TestStrict(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	files, err := filepath.Glob("../*.json")
	if err != nil || len(files) != len(boards()) {
		t.Fatalf("%d files for %d dashboards: %v", len(files), len(boards()), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := strict(text); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		// It does find what it should.
		for _, field := range []string{`"noValue":`, `"graphMode":`, `"legendFormat":`, `"lineWidth":`, `"cellHeight":`, `"gridPos":`, `"refresh":`, `"mappings":`} {
			wrong := bytes.Replace(text, []byte(field), []byte(`"misspelt":`), 1)
			if bytes.Contains(text, []byte(field)) && strict(wrong) == nil {
				t.Errorf("%s: nobody minds a misspelt %s", file, field)
			}
		}
	}
}

// TestOptions finds options of panels that are set to nothing, which the model
// allows and Grafana does not know.
func TestOptions(t *testing.T) {
	var nothing func(value any, path string) []string
	nothing = func(value any, path string) []string {
		var found []string
		switch value := value.(type) {
		case nil:
			found = append(found, path)
		case string:
			if value == "" {
				found = append(found, path)
			}
		case map[string]any:
			for name, v := range value {
				found = append(found, nothing(v, path+"."+name)...)
			}
		}
		return found
	}
	all := boards()
	for _, b := range all {
		text, err := b.encode(all)
		if err != nil {
			t.Fatal(err)
		}
		var parts struct {
			Panels []struct {
				Title   string         `json:"title"`
				Options map[string]any `json:"options"`
			} `json:"panels"`
		}
		if err := json.Unmarshal(text, &parts); err != nil {
			t.Fatal(err)
		}
		for _, p := range parts.Panels {
			if found := nothing(p.Options, "options"); len(found) > 0 {
				t.Errorf("%s: %s: nothing is set at %q", b.file(), p.Title, found)
			}
		}
	}
}

// TestUpToDate finds dashboards that were not written anew.
func TestUpToDate(t *testing.T) {
	all := boards()
	for _, b := range all {
		want, err := b.encode(all)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", b.file()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf(`%s is out of date; "make generate" writes it`, b.file())
		}
	}
}

// TestWrite writes into a folder of its own, and says where it cannot.
func TestWrite(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) != len(boards()) {
		t.Errorf("wrote %q: %v", files, err)
	}
	if err := write(filepath.Join(folder, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("writing where there is no folder: %v", err)
	}
}
