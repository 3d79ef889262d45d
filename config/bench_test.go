package config

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// sizes are numbers of targets.
var sizes = []int{10, 100, 1_000, 10_000}

// fleet is the text of a configuration with so many targets.
func fleet(targets int) string {
	var text strings.Builder
	text.WriteString("auths: {ups: {username: u, password: hunter2, targets: ['*.example.net']}}\ntargets:\n")
	for i := range targets {
		fmt.Fprintf(&text, "  - {name: rack-%05d, address: ups%d.example.net, module: nut, auth: ups, labels: {site: hq%d, rack: a%d}}\n", i, i, i%10, i)
	}
	return text.String()
}

// BenchmarkLoad reads and checks a configuration.
func BenchmarkLoad(b *testing.B) {
	for _, n := range sizes {
		b.Run("targets="+strconv.Itoa(n), func(b *testing.B) {
			text := []byte(fleet(n))
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse("config.yml", text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkResolve finds the last target, and one that is not configured.
func BenchmarkResolve(b *testing.B) {
	for _, n := range sizes {
		c := mustParse(b, fleet(n))
		for _, tt := range []struct {
			name  string
			query Query
		}{
			{"named", Query{Target: fmt.Sprintf("rack-%05d", n-1)}},
			{"ad-hoc", Query{Target: "ups.example.net", Module: "nut", Auth: "ups"}},
		} {
			b.Run(tt.name+"/targets="+strconv.Itoa(n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.Resolve(tt.query); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
