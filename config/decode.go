package config

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	promconfig "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
	"gopkg.in/yaml.v3"
)

// decoder sets the fields of a configuration from a YAML tree. It is as strict
// as yaml.v3 with KnownFields, but goes on after a problem, knows the path of
// each, and says it without the names of Go types.
type decoder struct {
	problems *problems
	// left is the number of values that may still be decoded. A file has a
	// value per two bytes at most, so that only aliases of aliases use it up.
	left    int
	spentAt int // the line where they were used up; 0 if they were not
	// merging holds the groups whose merges are being read.
	merging map[*yaml.Node]bool
}

// preparer is a map value whose defaults depend on its key and its node.
type preparer interface {
	prepare(d *decoder, key string, n *yaml.Node)
}

// nodeDecoder is a value with a form of its own.
type nodeDecoder interface {
	decodeNode(d *decoder, path string, n *yaml.Node)
}

func newDecoder(p *problems, size int) *decoder {
	return &decoder{problems: p, left: 10_000 + 10*size, merging: make(map[*yaml.Node]bool)}
}

// decode sets what v points to from n. A null leaves it as it is.
func (d *decoder) decode(path string, n *yaml.Node, v any) {
	d.value(path, n, reflect.ValueOf(v).Elem())
}

func (d *decoder) value(path string, n *yaml.Node, v reflect.Value) {
	n = resolved(n)
	if !d.spend(n) || isNull(n) {
		return
	}
	if foreignTag(n) {
		d.problems.reject(path, "has a tag, which is not supported: put a text that starts with ! in quotes")
		return
	}
	if own, ok := reflect.TypeAssert[nodeDecoder](v.Addr()); ok {
		own.decodeNode(d, path, n)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(path, n, v.Elem())
	case reflect.Struct:
		d.structure(path, n, v)
	case reflect.Map:
		d.mapping(path, n, v)
	case reflect.Slice:
		d.sequence(path, n, v)
	default:
		d.scalar(path, n, v)
	}
}

func (d *decoder) structure(path string, n *yaml.Node, v reflect.Value) {
	if !d.isMapping(path, n) {
		return
	}
	known := keys(v.Type())
	for _, f := range d.fields(n, d.complain(path)) {
		where := at(path, f.key.Value)
		d.problems.lines[where] = f.key.Line
		i, ok := known[f.key.Value]
		if !ok {
			d.problems.misspelt[path] = true
			d.problems.reject(where, "unknown key %s: %s", quote(f.key.Value), instead(f.key.Value, names(known)))
			continue
		}
		d.value(where, f.value, v.Field(i))
	}
}

func (d *decoder) mapping(path string, n *yaml.Node, v reflect.Value) {
	if !d.isMapping(path, n) {
		return
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for _, f := range d.fields(n, d.complain(path)) {
		where := at(path, f.key.Value)
		d.problems.lines[where] = f.key.Line
		elem := reflect.New(v.Type().Elem())
		if p, ok := reflect.TypeAssert[preparer](elem); ok {
			p.prepare(d, f.key.Value, resolved(f.value))
		}
		d.value(where, f.value, elem.Elem())
		v.SetMapIndex(reflect.ValueOf(f.key.Value), elem.Elem())
	}
}

func (d *decoder) sequence(path string, n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.problems.reject(path, "must be a list, not %s", what(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, entry := range n.Content {
		where := item(path, i)
		d.problems.lines[where] = entry.Line
		d.value(where, entry, v.Index(i))
	}
}

func (d *decoder) scalar(path string, n *yaml.Node, v reflect.Value) {
	s, isText := text(n)
	switch field := v.Addr().Interface().(type) {
	case *model.Duration:
		if err := field.Set(s); !isText || err != nil {
			d.problems.reject(path, "must be a duration such as 10s, 5m or 1h30m, not %s", what(n))
		}
	case *promconfig.TLSVersion:
		version, ok := promconfig.TLSVersions[s]
		if !ok {
			d.problems.reject(path, "must be one of %s, not %s", list(names(promconfig.TLSVersions)), what(n))
		}
		*field = version
	case *bool:
		if n.Decode(field) != nil {
			d.problems.reject(path, "must be on or off, without quotes, not %s", what(n))
		}
	case *int:
		// yaml.v3 alone would cut 1.5 to 1.
		if n.ShortTag() != "!!int" || n.Decode(field) != nil {
			d.problems.reject(path, "must be a whole number, not %s", what(n))
		}
	case *float64:
		if tag := n.ShortTag(); tag != "!!int" && tag != "!!float" || n.Decode(field) != nil {
			d.problems.reject(path, "must be a number, not %s", what(n))
		}
	default:
		if !isText {
			// Without the value, which may be a secret.
			d.problems.reject(path, "must be text, not %s", form(n))
			return
		}
		v.SetString(s)
	}
}

func (d *decoder) isMapping(path string, n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode {
		d.problems.reject(path, "must be a group of keys, not %s", form(n))
	}
	return n.Kind == yaml.MappingNode
}

// spend counts a value, and reports false when there were too many.
func (d *decoder) spend(n *yaml.Node) bool {
	if d.left--; d.left < 0 && d.spentAt == 0 {
		d.spentAt = n.Line
	}
	return d.left >= 0
}

// complain notes a problem with a key of the group at path.
func (d *decoder) complain(path string) func(*yaml.Node, string) {
	return func(key *yaml.Node, text string) {
		d.problems.note(key.Line, at(path, key.Value), "%s", text)
	}
}

// field is one key of a group.
type field struct{ key, value *yaml.Node }

// fields are the keys of the mapping n, its own first and then those that it
// merges (<<) and does not have itself. What is wrong with a key goes to
// complain, and the key is left out.
func (d *decoder) fields(n *yaml.Node, complain func(key *yaml.Node, text string)) []field {
	var all, merges []field
	first := make(map[string]int)
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		f := field{key: resolved(n.Content[i]), value: n.Content[i+1]}
		line, taken := first[f.key.Value]
		switch {
		case f.key.Kind != yaml.ScalarNode:
			complain(f.key, "a key must be text, not "+form(f.key))
		case taken:
			complain(f.key, "the key is given twice, first in line "+strconv.Itoa(line)+": remove one")
		case f.key.ShortTag() == "!!merge":
			merges = append(merges, f)
			first[f.key.Value] = f.key.Line
		default:
			first[f.key.Value] = f.key.Line
			all = append(all, f)
		}
	}
	for _, m := range merges {
		for _, f := range d.merged(m, complain) {
			if _, taken := first[f.key.Value]; !taken {
				first[f.key.Value] = f.key.Line
				all = append(all, f)
			}
		}
	}
	return all
}

// merged are the keys that << brings in, from one group or a list of groups.
func (d *decoder) merged(m field, complain func(*yaml.Node, string)) []field {
	sources := []*yaml.Node{m.value}
	if n := resolved(m.value); n.Kind == yaml.SequenceNode {
		sources = n.Content
	}
	var all []field
	for _, source := range sources {
		source = resolved(source)
		switch {
		case !d.spend(source):
			return all
		case source.Kind != yaml.MappingNode:
			complain(m.key, "<< takes an alias of a group of keys, not "+form(source))
			continue
		case d.merging[source]:
			complain(m.key, "the group merges itself: remove the <<")
			continue
		}
		d.merging[source] = true
		for _, f := range d.fields(source, complain) {
			if !d.spend(f.key) {
				return all
			}
			all = append(all, f)
		}
		delete(d.merging, source)
	}
	return all
}

// keys are the YAML keys of a struct and the numbers of their fields.
func keys(t reflect.Type) map[string]int {
	all := make(map[string]int)
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		// The references of prometheus/common are to a secret manager, and there
		// is none here.
		if t.Field(i).IsExported() && !strings.HasSuffix(key, "_ref") {
			all[key] = i
		}
	}
	return all
}

// resolved is the node that an alias stands for, or n itself.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	n = resolved(n)
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func foreignTag(n *yaml.Node) bool {
	standard := []string{"!!str", "!!int", "!!bool", "!!float", "!!null", "!!timestamp", "!!binary", "!!merge", "!!map", "!!seq"}
	return !slices.Contains(standard, n.ShortTag())
}

// text is a scalar as it was written.
func text(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		return "", false
	}
	if n.ShortTag() == "!!binary" {
		var s string
		err := n.Decode(&s)
		return s, err == nil && utf8.ValidString(s)
	}
	return n.Value, true
}

// what describes a value for a message, as it was written if it is short.
func what(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return quote(n.Value)
	}
	return form(n)
}

// form describes a value for a message without showing it.
func form(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a group of keys"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "a single value"
	}
}
