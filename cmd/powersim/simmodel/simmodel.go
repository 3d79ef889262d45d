// Package simmodel finds the models that are recorded in a simulated device.
package simmodel

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Names lists the models in a folder that is part of the program, in
// alphabetical order: its folders, and its files without their extension.
func Names(files fs.FS, folder string) []string {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		panic(err) // it is part of the program
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
	}
	slices.Sort(names)
	return names
}

// Check gives an error about a name that is none of a model, and says which
// there are.
func Check(name string, names []string) error {
	if !slices.Contains(names, name) {
		return fmt.Errorf("no model %q, there are %s", name, strings.Join(names, ", "))
	}
	return nil
}

// Must is a model whose name is known to be there: it panics where there is an
// error.
func Must[M any](model M, err error) M {
	if err != nil {
		panic(err)
	}
	return model
}
