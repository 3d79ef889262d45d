package receiver

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// roleVariable makes this test binary play another process.
const roleVariable = "RECEIVER_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "pusher":
		os.Exit(playPusher())
	case "full disk":
		os.Exit(playFullDisk())
	}
	goleak.VerifyTestMain(m)
}
