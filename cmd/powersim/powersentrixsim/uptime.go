package powersentrixsim

import (
	"fmt"
	"time"
)

const day = 24 * time.Hour

// formatUptime writes a duration as "5d 02h 11m".
func formatUptime(d time.Duration) string {
	return fmt.Sprintf("%dd %02dh %02dm", d/day, d%day/time.Hour, d%time.Hour/time.Minute)
}

// parseUptime reads what formatUptime writes, and nothing else.
func parseUptime(text string) (time.Duration, bool) {
	var days, hours, minutes int64
	if _, err := fmt.Sscanf(text, "%dd %dh %dm", &days, &hours, &minutes); err != nil {
		return 0, false
	}
	d := time.Duration(days)*day + time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	return d, d >= 0 && formatUptime(d) == text
}
