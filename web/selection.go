package web

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"

	"power_exporter/config"
)

// maxShards is far more than anybody has Prometheus servers.
const maxShards = 10_000

// selection is what the parameters of /sd ask for.
type selection struct {
	devices bool
	matches []match
	shard   uint64 // from 0
	shards  uint64 // how many there are
}

// match is a condition on a label.
type match struct {
	label, value string
	differs      bool // the label must not have the value
}

// parseSelection reads the parameters of /sd. Its error is for the person who
// wrote them.
func parseSelection(rawQuery string) (selection, error) {
	s := selection{shards: 1}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return s, fmt.Errorf("the query cannot be read: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch values := query[name]; {
		case !slices.Contains([]string{"devices", "match", "shard"}, name):
			return s, fmt.Errorf("unknown parameter %q: known are devices, match, shard", name)
		case len(values) > 1 && name != "match":
			return s, fmt.Errorf("parameter %s is given %d times: give it once", name, len(values))
		}
	}
	if text := query.Get("devices"); text != "" {
		if s.devices, err = strconv.ParseBool(text); err != nil {
			return s, fmt.Errorf("parameter devices is %q: it must be true or false", text)
		}
	}
	if text := query.Get("shard"); text != "" {
		if s.shard, s.shards, err = parseShard(text); err != nil {
			return s, err
		}
	}
	for _, text := range query["match"] {
		m, err := parseMatch(text)
		if err != nil {
			return s, err
		}
		s.matches = append(s.matches, m)
	}
	return s, nil
}

// parseShard reads 0/3, the first of three shards.
func parseShard(text string) (shard, shards uint64, err error) {
	first, second, ok := strings.Cut(text, "/")
	shard, err = strconv.ParseUint(first, 10, 64)
	if ok && err == nil {
		shards, err = strconv.ParseUint(second, 10, 64)
	}
	switch {
	case !ok || err != nil || shards == 0:
		return 0, 1, fmt.Errorf("parameter shard is %q: it must be like 0/3, which is the first of three", text)
	case shards > maxShards:
		return 0, 1, fmt.Errorf("parameter shard is %q: there can be at most %d", text, maxShards)
	case shard >= shards:
		return 0, 1, fmt.Errorf("parameter shard is %q: shards are counted from 0, so the last one is %d/%d", text, shards-1, shards)
	}
	return shard, shards, nil
}

// parseMatch reads site=hq or site!=hq.
func parseMatch(text string) (match, error) {
	label, value, ok := strings.Cut(text, "=")
	label, differs := strings.CutSuffix(label, "!")
	regex := strings.HasPrefix(value, "~") || strings.HasSuffix(label, "~") || !ok && strings.Contains(text, "!~")
	switch {
	case regex:
		return match{}, fmt.Errorf("parameter match is %q: regular expressions are not known, it must be like site=hq or site!=hq", text)
	case !ok:
		return match{}, fmt.Errorf("parameter match is %q: it must be like site=hq or site!=hq", text)
	case !model.LegacyValidation.IsValidLabelName(label):
		return match{}, fmt.Errorf("parameter match is %q: %q is no name of a label", text, label)
	}
	return match{label, value, differs}, nil
}

// targets are those of the targets that are selected.
func (s *selection) targets(all []config.Target) []*config.Target {
	found := make([]*config.Target, 0, len(all))
	for i := range all {
		t := &all[i]
		label := func(name string) string {
			switch name {
			case instanceLabel:
				return instanceOf(t)
			case "__param_target":
				return t.Name
			}
			return t.Labels[name]
		}
		if s.matchesAll(label) && s.inShard(t.Name) {
			found = append(found, t)
		}
	}
	return found
}

// device reports whether a device that pushes is selected.
func (s *selection) device(id string) bool {
	label := func(name string) string {
		switch name {
		case instanceLabel:
			return config.PushModule + "/" + id
		case "__param_target":
			return id
		case "__param_module":
			return config.PushModule
		}
		return ""
	}
	return s.matchesAll(label) && s.inShard(id)
}

// matchesAll reports whether all conditions hold. A label that is not there is
// the same as one that is empty, as everywhere in Prometheus.
func (s *selection) matchesAll(label func(name string) string) bool {
	for _, m := range s.matches {
		if (label(m.label) == m.value) == m.differs {
			return false
		}
	}
	return true
}

// inShard reports whether a target belongs to the shard. All devices behind it
// do as well, so that one Prometheus alone reads it. The hash must never
// change: a target that moves to another Prometheus leaves its past behind.
func (s *selection) inShard(name string) bool {
	if s.shards == 1 {
		return true
	}
	sum := sha256.Sum256([]byte(name))
	return binary.BigEndian.Uint64(sum[:])%s.shards == s.shard
}
