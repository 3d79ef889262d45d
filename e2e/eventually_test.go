package e2e

import (
	"testing"
	"time"
)

// patience is how long anything may take that is not about time: a slow machine
// with other tests on it is no failure.
const patience = time.Minute

// eventually tries until there is no error any more.
func eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s: %v", what, patience, err)
		}
		<-tick.C
	}
}
