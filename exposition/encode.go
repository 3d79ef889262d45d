package exposition

import (
	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/power"
)

// send exports every reading that is present in d. It takes d as it is: text is
// valid and ids are unique because [power.Validate] has seen d, and a device
// that is not up has no readings because its vendor's package left them out.
func send(out sink, d *power.Device) {
	sendDevice(out, d)
	sendInlets(out, d)
	sendBypasses(out, d)
	sendOutputs(out, d)
	sendCircuits(out, d)
	sendOutlets(out, d)
	sendUPS(out, d)
	sendBatteries(out, d)
	sendSensors(out, d)
	sendEvents(out, d)
	sendNatives(out, d)
}

// NewCollector returns a collector of the given devices. It is unchecked,
// because which families there are depends on the devices.
func NewCollector(devices []power.Device) prometheus.Collector { return collector(devices) }

// newLiveCollector returns a collector of the devices that there are at each
// scrape, such as those that have pushed.
func newLiveCollector(devices func() []power.Device) prometheus.Collector { return live(devices) }

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
	out := &channel{metrics: ch}
	for i := range c {
		send(out, &c[i])
	}
}
