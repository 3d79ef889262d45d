package program

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, tries := time.Now(), 0
		if err := Retry(func() error {
			if tries++; tries < 3 {
				return errors.New("not yet")
			}
			return nil
		}); err != nil || tries != 3 || time.Since(begun) != 40*time.Millisecond {
			t.Errorf("after %d tries and %s: %v", tries, time.Since(begun), err)
		}

		begun = time.Now()
		never := errors.New("never")
		if err := Retry(func() error { return never }); !errors.Is(err, never) || err.Error() != "not within 1m30s: never" {
			t.Error(err)
		}
		if took := time.Since(begun); took != Patience+20*time.Millisecond {
			t.Errorf("it took %s", took)
		}
	})
}
