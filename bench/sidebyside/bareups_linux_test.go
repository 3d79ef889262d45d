package main

import (
	"maps"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
)

func TestBareUPS(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keep        bool
		connections int
	}{
		"a connection each": {connections: 3},
		"kept":              {keep: true, connections: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := nutsim.New(nutsim.Options{}, nutsim.UPS{Name: "a"}, nutsim.UPS{Name: "b"})
			b := &bareUPS{addr: play(t, server), keep: c.keep}
			for range 2 {
				if err := b.read(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.hangUp(); err != nil {
				t.Fatal(err)
			}
			b.names = nil // it learns them again
			if err := b.read(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := b.hangUp(); err != nil {
				t.Fatal(err)
			}
			stats := server.Stats()
			if want := map[string]int{"LIST": 9, "LIST UPS": 3, "LIST VAR": 6}; !maps.Equal(stats.Commands, want) || stats.Connections != c.connections {
				t.Errorf("commands are %v over %d connections, want %v over %d", stats.Commands, stats.Connections, want, c.connections)
			}
		})
	}
}
