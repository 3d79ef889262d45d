package synlink_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"power_exporter/internal/receivertest"
	internal "power_exporter/internal/synlink"
	"power_exporter/receiver/synlink"
)

// TestEveryEventCode posts an event of each code there could be, and looks at
// its name and value.
func TestEveryEventCode(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), synlink.Options{})
	defer s.Close()
	known := 0
	for number := range 80 {
		code := strconv.Itoa(number)
		serial := "pdu-" + code
		s.push(fmt.Sprintf(`{"enclosureSerialNumber": %q, "eventCode": %s, "eventName": "Mine", "valueExceedingThreshold": 12.5}`, serial, code))
		d, _ := s.Store.Device(serial)
		name := internal.EventName(code)
		value := "12.5"
		if name != "" {
			known++
			if internal.EventUnit(code) == "" {
				value = "absent"
			}
		}
		if len(d.Events) != 1 {
			t.Fatalf("%s: the device is %+v", code, d)
		}
		if e := d.Events[0]; e.Code != code || e.Event != name || e.Total.String() != "1" || e.LastValue.String() != value || !e.Last.Present() {
			t.Errorf("%s: the event is %+v, want the name %q and the value %s", code, e, name, value)
		}
	}
	if known != 48 {
		t.Errorf("%d codes have a name, the document has 48", known)
	}
}

// TestEachPostCounts restarts the receiver between posts. A post that a unit
// sends again cannot be told from another event.
func TestEachPostCounts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for range 3 {
		s := open(t, folder, synlink.Options{})
		s.push(`{"enclosureSerialNumber": "1000016", "eventCode": 15, "eventName": "Inlet hot", "valueExceedingThreshold": 12.09}`)
		s.push(`{"enclosureSerialNumber": 1000016, "eventCode": " 15 ", "eventName": "Inlet hot", "valueExceedingThreshold": "12.1"}`)
		s.push(`{"enclosureSerialNumber": "1000016", "eventCode": "30", "eventName": "Bank 1"}`)
		s.push(`{"enclosureSerialNumber": "1000016", "inlets": []}`) // no event
		s.Close()
	}
	s := open(t, folder, synlink.Options{})
	defer s.Close()
	s.Expect("power_events_total",
		`power_events_total{code="15",device="1000016",event="Inlet Max Current Threshold"} 6`,
		`power_events_total{code="30",device="1000016",event="Bank Circuit Breaker Trip"} 3`)
	s.Expect("power_event_last_value", `power_event_last_value{code="15",device="1000016",event="Inlet Max Current Threshold"} 12.1`)
	s.Expect("Inlet hot")
	s.Expect("Bank 1")
	if statuses := s.Store.Statuses(); len(statuses) != 1 || statuses[0].Event != "Bank 1" || statuses[0].EventAt.IsZero() {
		t.Errorf("the status is %+v", statuses)
	}
}

// TestConcurrentPosts lets one unit post many times at once, and others beside
// it.
func TestConcurrentPosts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := open(t, folder, synlink.Options{})
	var wait sync.WaitGroup
	for i := range 90 {
		wait.Go(func() {
			s.push(fmt.Sprintf(`{"enclosureSerialNumber": 7, "eventCode": %d, "sensors": [{"sensorId": 1, "sensorTempInC": %d}, {"sensorId": 2, "sensorTempInC": %d}]}`, 15+i%2, i, 100+i))
			if d, _ := s.Store.Device("7"); len(d.Sensors) == 2 {
				first, _ := d.Sensors[0].Temperature.Get()
				second, _ := d.Sensors[1].Temperature.Get()
				if second != first+100 {
					t.Errorf("temperatures of two posts are mixed: %v and %v", first, second)
				}
			} else {
				t.Errorf("the device is %+v", d)
			}
		})
		wait.Go(func() { s.push(fmt.Sprintf(`{"enclosureSerialNumber": %d, "eventCode": 15}`, 1000+i)) })
	}
	wait.Wait()
	for range 2 { // before and after a restart
		d, _ := s.Store.Device("7")
		if len(d.Events) != 2 || d.Events[0].Total.String() != "45" || d.Events[1].Total.String() != "45" || s.Store.Len() != 91 {
			t.Errorf("of %d devices this has the events %+v", s.Store.Len(), d.Events)
		}
		s.Close()
		s = open(t, folder, synlink.Options{})
	}
	s.Close()
}

// TestNoSecretIsStored looks for the tokens in all that is kept and shown.
func TestNoSecretIsStored(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := open(t, folder, synlink.Options{})
	s.push(file(t, "webhook/webhook.json"))
	s.push(`{"enclosureSerialNumber": "1000016", "eventCode": 15, "token": "token-of-bts"}`)
	shown := s.Metrics() + fmt.Sprint(s.Store.Statuses())
	s.Close() // it looks at the log
	stored := receivertest.Stored(t, folder)
	if !strings.Contains(stored, "IEC-320 C20") {
		t.Error("this test is blind: the file does not have what was posted")
	}
	if strings.Contains(stored, bts) || strings.Contains(shown, bts) {
		t.Errorf("a token is in the file, or in\n%s", shown)
	}
}
