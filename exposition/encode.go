package exposition

import (
	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/power"
)

// Encode sends every reading that is present in d. It takes d as it is: text
// is valid and ids are unique because [power.Validate] has seen d, and a device
// that is not up has no readings because its vendor's package left them out.
func Encode(ch chan<- prometheus.Metric, d *power.Device) {
	sendDevice(ch, d)
	sendInlets(ch, d)
	sendBypasses(ch, d)
	sendOutputs(ch, d)
	sendCircuits(ch, d)
	sendOutlets(ch, d)
	sendUPS(ch, d)
	sendBatteries(ch, d)
	sendSensors(ch, d)
	sendEvents(ch, d)
	sendNatives(ch, d)
}

// NewCollector returns a collector of the given devices, for the registry of
// one probe. It is unchecked, because which families there are depends on the
// devices.
func NewCollector(devices []power.Device) prometheus.Collector { return collector(devices) }

// NewLiveCollector returns a collector of the devices that there are at each
// scrape, such as those that have pushed.
func NewLiveCollector(devices func() []power.Device) prometheus.Collector { return live(devices) }

type live func() []power.Device

// Describe implements [prometheus.Collector]; sending nothing makes it
// unchecked.
func (live) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (l live) Collect(ch chan<- prometheus.Metric) { collector(l()).Collect(ch) }

type collector []power.Device

// Describe implements [prometheus.Collector]; sending nothing makes it
// unchecked.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (c collector) Collect(ch chan<- prometheus.Metric) {
	for i := range c {
		Encode(ch, &c[i])
	}
}
