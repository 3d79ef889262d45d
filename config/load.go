package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	// maxConfig is the largest configuration file that is read, in bytes.
	maxConfig = 64 << 20
	// maxSearch is the number of lines above the place where the parser stopped
	// in which the line of a syntax error is looked for.
	maxSearch = 50
)

// Load reads the file at path. No path means no file, which is Default. The
// error is all problems of the file joined, each on a line of its own.
func Load(path string) (*Config, error) {
	return load(path, newFiles())
}

// Parse reads data, the content of the file called name. Relative paths in it
// are relative to the folder of name.
func Parse(name string, data []byte) (*Config, error) {
	return parse(name, data, newFiles())
}

// load is Load, and notes in f every file that was read or should have been.
func load(path string, f *files) (*Config, error) {
	if path == "" {
		return Default(), nil
	}
	data, err := f.read(path, maxConfig)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration %s: %w", path, err)
	}
	return parse(path, data, f)
}

func parse(name string, data []byte, f *files) (*Config, error) {
	p := newProblems(name)
	c := Default()
	document, err := readDocument(data)
	if err != nil {
		p.note(err.line, "", "%s", err.text)
		return nil, p.err()
	}
	if document != nil {
		d := newDecoder(p, len(data))
		p.lines[""] = document.Line
		d.decode("", document, c)
		if d.spentAt > 0 {
			p = newProblems(name)
			p.note(d.spentAt, "", "the aliases repeat too much of the file: write it with fewer")
			return nil, p.err()
		}
	}
	c.check(p, filepath.Dir(name), f)
	if err := p.err(); err != nil {
		return nil, err
	}
	return c, nil
}

// readDocument is the one document of a file, or nil if there is none.
func readDocument(data []byte) (*yaml.Node, *problem) {
	y := yaml.NewDecoder(bytes.NewReader(data))
	first, err := nextDocument(y)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil {
		var second *yaml.Node
		second, err = nextDocument(y)
		if errors.Is(err, io.EOF) {
			return first.Content[0], nil
		}
		if err == nil {
			return nil, &problem{line: second.Line, text: "a second document starts here: a configuration is one document, remove the ---"}
		}
	}
	return nil, &problem{line: syntaxLine(data, err), text: syntaxText(err)}
}

// nextDocument reads a document. What yaml.v3 panics with on a broken file is
// an error here, since a bad file must not end a running exporter.
func nextDocument(y *yaml.Decoder) (n *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	n = new(yaml.Node)
	if err := y.Decode(n); err != nil {
		return nil, err
	}
	return n, nil
}

// syntaxLine is the line after the longest part of the file that is good YAML.
// The line in yaml.v3's message is often the one in which the block started,
// and sometimes there is none; it is used when the part is not found nearby, as
// when a quote is never closed.
func syntaxLine(data []byte, err error) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	r := &lineReader{lines: lines}
	_ = readAll(r) // it stops where it did before
	for n := r.read - 1; n >= 0 && n >= r.read-maxSearch; n-- {
		if readAll(bytes.NewReader(bytes.Join(lines[:n], nil))) == nil {
			return n + 1
		}
	}
	var line int
	if _, scanErr := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); scanErr != nil {
		return r.read
	}
	if strings.Contains(err.Error(), "did not find expected") {
		line++ // yaml.v3 counts these from 0
	}
	return line
}

// lineReader hands out a line at a time, and so tells how far a parser got.
type lineReader struct {
	lines [][]byte
	read  int // number of lines that were handed out
	rest  []byte
}

// Read gives the next line or what is left of it.
func (r *lineReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.read == len(r.lines) {
			return 0, io.EOF
		}
		r.rest = r.lines[r.read]
		r.read++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// readAll reads every document of a file.
func readAll(r io.Reader) error {
	y := yaml.NewDecoder(r)
	for {
		if _, err := nextDocument(y); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// syntaxText is yaml.v3's message without its line. It leaves out the name of
// an unknown anchor, which may be a password that starts with an asterisk.
func syntaxText(err error) string {
	if strings.Contains(err.Error(), "unknown anchor") {
		return "not valid YAML: an alias of an anchor that is not defined above: put a text that starts with * in quotes"
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		_, text, _ = strings.Cut(rest, ": ")
	}
	if text == "did not find expected alphabetic or numeric character" {
		return "not valid YAML: put a text that starts with * in quotes"
	}
	return "not valid YAML: " + oneLine(text) + ": check the indentation, quotes and brackets here and just above"
}
