package dashboards

// place is a query of a panel.
type place struct{ dashboard, panel, ref string }

// empty says of queries why the demo may have no data for them. A query that is
// not here must have some.
var empty = map[place]string{
	{"power-fleet", "Alerts that fire", "A"}: withoutRules,

	{"power-fleet", "Newest events", "A"}: events,
	{"power-fleet", "Newest events", "B"}: events,
	{"power-pdu", "Events", "A"}:          events,
	{"power-pdu", "Events", "B"}:          events,
	{"power-pdu", "Events", "C"}:          eventReadings,
	{"power-ups", "Events", "A"}:          events,
	{"power-ups", "Events", "B"}:          events,
	{"power-ups", "Events", "C"}:          eventReadings,
	{"power-environment", "Events", "A"}:  events,
	{"power-environment", "Events", "B"}:  events,
	{"power-environment", "Events", "C"}:  eventReadings,

	{"power-pdu", "Power of inlets and circuits", "D"}: "no PDU of the demo has limits of power",
	{"power-pdu", "About the PDU", "C"}:                diagnostics,
	{"power-ups", "About the UPS", "C"}:                diagnostics,
	{"power-ups", "Output voltage", "B"}:               "no UPS of the demo has limits of its output voltage",

	{"power-exporter", "Targets not read completely", "A"}: "all targets of the demo can be read",
	{"power-exporter", "Targets not read completely", "B"}: "all targets of the demo can be read",
}

const (
	withoutRules  = "Prometheus need not have loaded rules/alerts.yml"
	events        = "devices of the demo push events only now and then"
	eventReadings = "only a webhook of a SynLink PDU carries a reading, and none of the demo calls"
	diagnostics   = "only SynLink's diagnostics have it, which the demo does not read"
)
