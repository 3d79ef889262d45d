package simtest

import (
	"context"
	"time"
)

// Wait waits with a device's method until its counts are as wanted, for 10 s at
// most.
func Wait[S any](tb TB, wait func(context.Context, func(S) bool) error, wanted func(S) bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 10*time.Second)
	defer cancel()
	if err := wait(ctx, wanted); err != nil {
		tb.Fatalf("%v", err)
	}
}
