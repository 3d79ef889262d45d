package receiver

import (
	"encoding/json"
	"fmt"
	"time"

	"power_exporter/power"
)

// storedLog is an EventLog on disk.
type storedLog struct {
	Recent []byte                 `json:"recent,omitempty"`
	Reset  bool                   `json:"reset,omitempty"`
	Codes  map[string]storedCount `json:"codes,omitempty"`
	Text   string                 `json:"text,omitempty"`
	TextAt time.Time              `json:"text_at,omitzero"`
}

// storedCount is an eventCount on disk.
type storedCount struct {
	Name  string    `json:"name,omitempty"`
	Total uint64    `json:"total"`
	Last  time.Time `json:"last"`
	Value *float64  `json:"value,omitempty"`
}

// MarshalJSON is the log on disk.
func (l *EventLog) MarshalJSON() ([]byte, error) {
	s := storedLog{Recent: l.recent.encode(), Reset: l.reset, Text: l.text, TextAt: l.textAt}
	if len(l.codes) > 0 {
		s.Codes = make(map[string]storedCount, len(l.codes))
	}
	for code, c := range l.codes {
		stored := storedCount{Name: c.name, Total: c.total, Last: c.last}
		if v, ok := c.value.Get(); ok {
			stored.Value = &v
		}
		s.Codes[code] = stored
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (l *EventLog) UnmarshalJSON(data []byte) error {
	var s storedLog
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	records, err := decodeRecent(s.Recent)
	if err != nil {
		return err
	}
	if len(s.Codes) > maxCodes {
		return fmt.Errorf("the event log has %d codes, more than %d", len(s.Codes), maxCodes)
	}
	*l = EventLog{recent: records, reset: s.Reset, text: s.Text, textAt: s.TextAt}
	if len(s.Codes) > 0 {
		l.codes = make(map[string]eventCount, len(s.Codes))
	}
	for code, c := range s.Codes {
		count := eventCount{name: c.Name, total: c.Total, last: c.Last}
		if c.Value != nil {
			count.value = power.Raw(power.Of(*c.Value))
		}
		l.codes[code] = count
	}
	return nil
}
