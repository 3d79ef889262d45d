package simlive

import (
	"math/rand/v2"
	"time"
)

// Walks are random walks by name, each of them at one place all through a step.
// They are used by one goroutine at a time.
type Walks struct {
	random  *rand.Rand
	elapsed time.Duration // of the step
	round   int           // counts the steps
	byName  map[string]*walker
}

// walker is one walk, and the last step that it took.
type walker struct {
	Walk
	round int
}

// NewWalks begin at 0, whatever their names.
func NewWalks(random *rand.Rand) *Walks {
	return &Walks{random: random, byName: map[string]*walker{}}
}

// Step begins a step, for which so much time passes.
func (w *Walks) Step(elapsed time.Duration) {
	w.elapsed = elapsed
	w.round++
}

// At is where the walk of a name is in this step; memory is how long it takes to
// forget where it was. A walk whose name was not asked for in a step has not
// taken that step.
func (w *Walks) At(name string, memory time.Duration) float64 {
	one := w.byName[name]
	if one == nil {
		one = &walker{}
		w.byName[name] = one
	}
	if one.round != w.round {
		one.round = w.round
		one.Step(w.random, w.elapsed, memory)
	}
	return one.At()
}
