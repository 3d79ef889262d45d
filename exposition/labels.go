package exposition

import (
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// labelNames are the names of a family's labels, in the order in which the
// schema writes them.
type labelNames []string

// labelPairs are the labels of one sample, sorted by name. The samples of one
// point share them, so nobody changes them once they are made.
type labelPairs []*dto.LabelPair

// with gives the labels their values, in the order of the names.
func (names labelNames) with(values ...string) labelPairs {
	made := make([]dto.LabelPair, len(values))
	pairs := make(labelPairs, len(values))
	for i := range values {
		made[i].Name, made[i].Value = &names[i], &values[i]
		pairs[i] = &made[i]
	}
	slices.SortFunc(pairs, byName)
	return pairs
}

// and is a copy of the labels with one more.
func (pairs labelPairs) and(added *dto.LabelPair) labelPairs {
	i, _ := slices.BinarySearchFunc(pairs, added, byName)
	all := make(labelPairs, 0, len(pairs)+1)
	all = append(all, pairs[:i]...)
	all = append(all, added)
	return append(all, pairs[i:]...)
}

// valid is the text with a mark in place of what is not UTF-8, which no label
// may be.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func byName(a, b *dto.LabelPair) int { return strings.Compare(a.GetName(), b.GetName()) }
