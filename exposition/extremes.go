package exposition

import (
	"fmt"

	"power_exporter/power"
)

// extreme is the highest or the lowest of a streamed quantity of a point.
type extreme struct {
	suffix string
	help   string // where %s stands for the point
	of     func(*power.Extremes) power.Value
}

var extremeQuantities = []extreme{
	{
		"_current_peak_amperes", "Highest current of %s in amperes",
		func(e *power.Extremes) power.Value { return e.CurrentPeak },
	},
	{
		"_current_trough_amperes", "Lowest current of %s in amperes",
		func(e *power.Extremes) power.Value { return e.CurrentTrough },
	},
	{
		"_active_power_peak_watts", "Highest active power of %s in watts",
		func(e *power.Extremes) power.Value { return e.ActivePowerPeak },
	},
	{
		"_active_power_trough_watts", "Lowest active power of %s in watts",
		func(e *power.Extremes) power.Value { return e.ActivePowerTrough },
	},
}

// extremes declares the extremes of one kind of point.
func extremes(p point) []reading[power.Extremes] {
	table := make([]reading[power.Extremes], len(extremeQuantities))
	for i, q := range extremeQuantities {
		help := fmt.Sprintf(q.help+", the exporter's own among the frames that the device streamed within a sliding window (module option window, default 1m), not a value that the device computed (SynLink WebSocket).", p.where)
		table[i] = reading[power.Extremes]{newGauge("power_"+p.name+q.suffix, help, p.labels), q.of}
	}
	return table
}
