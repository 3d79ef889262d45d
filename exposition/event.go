package exposition

import (
	"power_exporter/power"
)

var eventLabels = labelNames{"device", "code", "event"}

var eventReadings = []reading[power.Event]{
	{
		newCounter("power_events_total", "Number of event records the device has pushed, or its portal has listed since the exporter first looked (SynLink eventCode, PowerSentrix code).", eventLabels),
		func(e *power.Event) power.Value { return e.Total },
	},
	{
		newGauge("power_event_last_timestamp_seconds",
			"When the newest event record was received, by the exporter's clock, in seconds since the Unix epoch (SynLink, PowerSentrix).",
			eventLabels),
		func(e *power.Event) power.Value { return e.Last },
	},
	{
		newGauge("power_event_last_value", "Reading carried by the newest pushed event record, in the event's own unit (SynLink valueExceedingThreshold).", eventLabels),
		func(e *power.Event) power.Value { return e.LastValue },
	},
}

var alarmActive = newGauge("power_alarm_active",
	"1 while the condition of a trigger configured in the device holds, 0 otherwise (SynLink triggered of the enabled events).",
	labelNames{"device", "alarm", "code", "name"})

func sendEvents(out sink, d *power.Device) {
	for i := range d.Events {
		e := &d.Events[i]
		sendAll(out, eventReadings, labelValues{d.ID, e.Code, e.Event}, e)
	}
	for _, a := range d.Alarms {
		alarmActive.send(out, labelValues{d.ID, a.ID, a.Code, a.Name}, a.Active)
	}
}

func eventFamilies() []*family { return append(families(eventReadings), alarmActive) }
