package simups

import (
	"strconv"
	"strings"
)

// Restyle writes a number with the decimals and the leading zeros of the
// recorded one: 042.7 becomes 043.1.
func Restyle(recorded string, value float64) string {
	_, decimals, _ := strings.Cut(recorded, ".")
	text := strconv.FormatFloat(value, 'f', len(decimals), 64)
	if strings.HasPrefix(recorded, "0") && !strings.HasPrefix(recorded, "0.") && value >= 0 {
		text = strings.Repeat("0", max(0, len(recorded)-len(text))) + text
	}
	return text
}
