package program

import (
	"fmt"
	"testing"
	"time"
)

// Patience is how long anything may take that is not about time: a slow machine
// with other work on it is no failure.
const Patience = 90 * time.Second

// Retry tries until there is no error any more. If there still is one after
// Patience, it is what Retry returns.
func Retry(try func() error) error {
	deadline := time.Now().Add(Patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %s: %w", Patience, err)
		}
		<-tick.C
	}
}

// Eventually is Retry that ends the test if what was tried does not come to
// pass.
func Eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	if err := Retry(try); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}
