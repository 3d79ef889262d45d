package powersentrix

import (
	"regexp"
	"strconv"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// days, hours, minutes and seconds, each optional.
var uptimeText = regexp.MustCompile(`(?i)^(?:(\d{1,6})d)?\s*(?:(\d{1,6})h)?\s*(?:(\d{1,6})m)?\s*(?:(\d{1,6})s)?$`)

// uptime reads a time such as "2d 14h 33m", which is 2 × 86400 + 14 × 3600 +
// 33 × 60 = 225180 seconds. Parts may be missing; everything else is absent.
func uptime(text lenient.Text) power.Value {
	parts := uptimeText.FindStringSubmatch(text.String())
	if parts == nil || parts[0] == "" {
		return power.Value{}
	}
	var total int
	for i, seconds := range []int{86400, 3600, 60, 1} {
		// What the expression matched is a small number, or nothing, which is 0.
		n, _ := strconv.Atoi(parts[i+1])
		total += n * seconds
	}
	return power.Seconds(power.Of(total))
}
