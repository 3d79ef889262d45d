package powersentrixsim_test

import (
	"context"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simtest"
)

// soon is a context that ends a test that hangs.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// ups is a UPS of a recorded model that listens nowhere.
func ups(t *testing.T, options powersentrixsim.Options, model string) *powersentrixsim.UPS {
	t.Helper()
	u := powersentrixsim.NewUPS(options, powersentrixsim.MustRecorded(model))
	t.Cleanup(func() {
		if err := u.Close(); err != nil {
			t.Error(err)
		}
	})
	return u
}

// data is what a UPS says of itself.
func data(t *testing.T, u *powersentrixsim.UPS) powersentrixsim.Data {
	t.Helper()
	return simtest.Decoded[powersentrixsim.Data](t, string(u.Data()))
}
