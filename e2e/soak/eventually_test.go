package soak

import (
	"testing"
	"time"
)

// patience is how long anything may take that is not about time: a slow machine
// with other work on it is no failure.
const patience = 90 * time.Second

// eventually tries until there is no error any more, and says whether that came
// to pass.
func eventually(t *testing.T, what string, try func() error) bool {
	t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return true
		}
		if time.Now().After(deadline) {
			t.Errorf("%s: not within %s: %v", what, patience, err)
			return false
		}
		<-tick.C
	}
}
