package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// report is one table of what was measured, and the budgets that it is held to.
type report struct {
	title   string
	columns []string
	rows    [][]string
	budgets []budget
}

// budget is a limit of one figure.
type budget struct {
	what      string
	got, most float64
	unit      string
}

func (b budget) kept() bool { return b.got <= b.most }

// String is the budget in a sentence.
func (b budget) String() string {
	verdict := "kept"
	if !b.kept() {
		verdict = "exceeded"
	}
	return fmt.Sprintf("%s: %.4g %s of at most %.4g, %s", b.what, b.got, b.unit, b.most, verdict)
}

// write writes the report in Markdown.
func (r report) write(out io.Writer) {
	fmt.Fprintf(out, "\n%s\n\n| %s |\n|%s\n", r.title, strings.Join(r.columns, " | "), strings.Repeat("---:|", len(r.columns)))
	for _, row := range r.rows {
		fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
	}
	if len(r.budgets) > 0 {
		fmt.Fprintln(out)
	}
	for _, b := range r.budgets {
		fmt.Fprintf(out, "- %s\n", b)
	}
}

// count is a number with a comma between thousands.
func count(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
