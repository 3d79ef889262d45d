package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// problems collects what is wrong with one file. A path such as
// targets[2].module says where; the decoder notes the line of every path.
type problems struct {
	file     string
	lines    map[string]int
	found    []problem
	rejected map[string]bool // paths whose value could not be used
	misspelt map[string]bool // paths of groups with an unknown key
}

type problem struct {
	line int
	text string
}

func newProblems(file string) *problems {
	return &problems{
		file:     file,
		lines:    make(map[string]int),
		rejected: make(map[string]bool),
		misspelt: make(map[string]bool),
	}
}

// at is the path of a key in the group at path.
func at(path, key string) string {
	if key == "" || strings.Trim(key, letters+digits+"_-") != "" {
		return path + "[" + quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// item is the path of entry i of the list at path.
func item(path string, i int) string {
	return path + "[" + strconv.Itoa(i) + "]"
}

// has reports whether the file says something at path.
func (p *problems) has(path string) bool {
	return p.lines[path] > 0
}

func (p *problems) count() int {
	return len(p.found)
}

// add notes a problem with the value at path, unless the value could not even
// be decoded: what is there then is a default.
func (p *problems) add(path, format string, args ...any) {
	if !p.rejected[path] {
		p.note(p.lines[path], path, format, args...)
	}
}

// reject notes that the value at path cannot be used.
func (p *problems) reject(path, format string, args ...any) {
	p.rejected[path] = true
	p.note(p.lines[path], path, format, args...)
}

// missing notes that the group at path lacks keys, unless that follows from
// another problem: one of them has a bad value, or may be the misspelt one.
func (p *problems) missing(path string, keys []string, format string, args ...any) {
	if p.misspelt[path] || slices.ContainsFunc(keys, func(key string) bool { return p.rejected[at(path, key)] }) {
		return
	}
	p.add(path, format, args...)
}

func (p *problems) note(line int, path, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if path != "" {
		text = path + ": " + text
	}
	p.found = append(p.found, problem{line: line, text: text})
}

// err is every problem in the order of the lines, or nil if there is none.
func (p *problems) err() error {
	slices.SortStableFunc(p.found, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, len(p.found))
	for i, f := range p.found {
		errs[i] = fmt.Errorf("%s:%d: %s", p.file, f.line, f.text)
	}
	return errors.Join(errs...)
}
