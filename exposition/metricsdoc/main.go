// Command metricsdoc writes the reference of all metrics to the file named by
// its argument.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"power_exporter/exposition"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "metricsdoc:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: metricsdoc FILE")
	}
	var reference bytes.Buffer
	if err := exposition.WriteReference(&reference); err != nil {
		return err
	}
	return os.WriteFile(args[0], reference.Bytes(), 0o644) //nolint:gosec // everybody may read the reference
}
