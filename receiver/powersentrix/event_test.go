package powersentrix_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/internal/receivertest"
	"power_exporter/receiver/powersentrix"
)

// TestRecordsCount pushes records, and restarts the receiver before each of
// them. A restart and a repetition change no count.
func TestRecordsCount(t *testing.T) {
	t.Parallel()
	const register = "register"
	for name, test := range map[string]struct {
		push []string // the body of setUpsLog, or register
		want []string // count by code, after all
	}{
		"in order":                  {[]string{`{"ord":1,"code":"a"}`, `{"ord":2,"code":"a"}`, `{"ord":3,"code":"b"}`}, []string{"a 2", "b 1"}},
		"each twice":                {[]string{`{"ord":1,"code":"a"}`, `{"ord":1,"code":"a"}`, `{"ord":2,"code":"a"}`, `{"ord":2,"code":"a"}`}, []string{"a 2"}},
		"an old one again":          {[]string{`{"ord":1,"code":"a"}`, `{"ord":2,"code":"a"}`, `{"ord":3,"code":"a"}`, `{"ord":1,"code":"a"}`}, []string{"a 3"}},
		"out of order":              {[]string{`{"ord":3,"code":"a"}`, `{"ord":1,"code":"a"}`, `{"ord":2,"code":"a"}`, `{"ord":3,"code":"a"}`}, []string{"a 3"}},
		"ord is text":               {[]string{`{"ord":"7","code":"a"}`, `{"ord":7,"code":"a"}`, `{"ord":"007","code":"a"}`}, []string{"a 1"}},
		"from zero":                 {[]string{`{"ord":0,"code":"a"}`, `{"ord":0,"code":"a"}`, `{"ord":1,"code":"a"}`}, []string{"a 2"}},
		"log was reset":             {[]string{`{"ord":8,"code":"a"}`, `{"ord":9,"code":"a"}`, register, `{"ord":1,"code":"a"}`, `{"ord":1,"code":"a"}`, `{"ord":2,"code":"a"}`}, []string{"a 4"}},
		"reset twice":               {[]string{`{"ord":8,"code":"a"}`, register, `{"ord":1,"code":"a"}`, register, register, `{"ord":0,"code":"a"}`}, []string{"a 3"}},
		"registered without reset":  {[]string{`{"ord":8,"code":"a"}`, register, `{"ord":9,"code":"a"}`, `{"ord":8,"code":"a"}`, `{"ord":9,"code":"a"}`}, []string{"a 2"}},
		"registered and repeated":   {[]string{`{"ord":8,"code":"a"}`, register, `{"ord":8,"code":"a"}`, `{"ord":9,"code":"a"}`}, []string{"a 2"}},
		"registered first":          {[]string{register, `{"ord":8,"code":"a"}`, `{"ord":7,"code":"a"}`, `{"ord":8,"code":"a"}`}, []string{"a 2"}},
		"smaller without a new UPS": {[]string{`{"ord":5000,"code":"a"}`, `{"ord":1,"code":"a"}`, `{"ord":1,"code":"a"}`}, []string{"a 2"}},
		"an absurd ord":             {[]string{`{"ord":8,"code":"a"}`, `{"ord":1e15,"code":"a"}`, `{"ord":9,"code":"a"}`, `{"ord":10,"code":"a"}`, `{"ord":1e15,"code":"a"}`, `{"ord":9,"code":"a"}`}, []string{"a 4"}},
		"negative ord":              {[]string{`{"ord":-1,"code":"a"}`, `{"ord":-1,"code":"a"}`, `{"ord":-2,"code":"a"}`, `{"ord":0,"code":"a"}`}, []string{"a 3"}},
		"ord of another log": {[]string{
			`{"ord":1,"code":"a","timestamp":"2026-05-08 14:32:01"}`, `{"ord":1,"code":"a","timestamp":"2026-05-09 00:00:00"}`,
			`{"ord":1,"code":"a","timestamp":"2026-05-08 14:32:01"}`, register, `{"ord":1,"code":"a","timestamp":"2026-05-08 14:32:01"}`, `{"ord":1,"code":"a","timestamp":"2026-05-10 00:00:00"}`,
		}, []string{"a 3"}},
		"the same but for one member": {[]string{
			`{"ord":1,"code":"a","description":"b","params":"c"}`, `{"ord":1,"code":"a","description":"bc"}`, `{"ord":1,"code":"a","description":"b","params":"d"}`,
			`{"params":"c","ord":1,"code":"a","description":"b"}`,
		}, []string{"a 3"}},
		"late after the button": {[]string{
			`{"ord":8,"code":"a","timestamp":"2026-05-08 14:32:01"}`, `{"ord":9,"code":"a","timestamp":"2026-05-08 14:32:02"}`, register, `{"ord":8,"code":"a","timestamp":"2026-05-08 14:32:01"}`,
			`{"ord":10,"code":"a","timestamp":"2026-05-08 14:32:03"}`, `{"ord":9,"code":"a","timestamp":"2026-05-08 14:32:02"}`,
		}, []string{"a 3"}},
		"no ord":             {[]string{`{"code":"a"}`, `{"code":"a"}`, `{"ord":null,"code":"a"}`}, []string{"a 3"}},
		"ord is no number":   {[]string{`{"ord":"x","code":"a"}`, `{"ord":1.5,"code":"a"}`, `{"ord":1.5,"code":"a"}`, `{"ord":1e300,"code":"a"}`, `{"ord":1,"code":"a"}`}, []string{"a 5"}},
		"no ord, and a time": {[]string{`{"code":"a","timestamp":"2026-05-08 14:32:01"}`, `{"code":"a","timestamp":"2026-05-08 14:32:01"}`, `{"code":"a","timestamp":"2026-05-08 14:32:02"}`, `{"code":"a","timestamp":"noon"}`, `{"code":"a","timestamp":"noon"}`}, []string{"a 4"}},
		"no ord between":     {[]string{`{"ord":1,"code":"a"}`, `{"code":"a"}`, `{"ord":1,"code":"a"}`, `{"ord":2,"code":"a"}`}, []string{"a 3"}},
		"one ord, two codes": {[]string{`{"ord":1,"code":"a"}`, `{"ord":1,"code":"b"}`, `{"ord":1,"code":"a"}`}, []string{"a 1", "b 1"}},
		"no code":            {[]string{`{"ord":1,"description":"x"}`, `{"ord":2}`}, []string{" 2"}},
		"code is a number":   {[]string{`{"ord":1,"code":7}`, `{"ord":2,"code":"7"}`, `{"ord":3,"code":" 7 "}`}, []string{"7 3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				for _, body := range test.push {
					s := open(t, folder, powersentrix.Options{})
					if body == register {
						s.push("setNewUps", "ups-01", `{"sn":"1"}`)
					} else {
						s.push("setUpsLog", "ups-01", body)
					}
					s.Close()
					receivertest.Pass(time.Second)
				}
				s := open(t, folder, powersentrix.Options{})
				defer s.Close()
				if got := fmt.Sprint(s.counts("ups-01")); got != fmt.Sprint(test.want) {
					t.Errorf("the counts are %s, want %s", got, test.want)
				}
			})
		})
	}
}

// counts are the event records of a UPS, by their codes.
func (s *site) counts(cmm string) []string {
	var all []string
	d, _ := s.Store.Device(cmm)
	for _, e := range d.Events {
		all = append(all, e.Code+" "+e.Total.String())
	}
	return all
}

// TestTextIsForPeople shows that a description is not in a label.
func TestTextIsForPeople(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	s.push("setUpsLog", "ups-01", `{"ord": 1, "code": "I/E01", "description": "Output 1 turned ON", "params": "unseen"}`)
	s.push("setUpsLog", "ups-01", `{"ord": 2, "code": "I/E01", "description": "Output 2 turned ON", "timestamp": "2026-05-08 14:32:01"}`)
	s.push("setUpsLog", "ups-01", `{"ord": 1, "code": "I/E01", "description": "Output 1 turned ON", "params": "unseen"}`) // again
	statuses := s.Store.Statuses()
	if len(statuses) != 1 || statuses[0].Event != "Output 2 turned ON" || statuses[0].EventAt.IsZero() || !statuses[0].Up {
		t.Errorf("the status is %+v", statuses)
	}
	s.Expect("turned ON")
	s.Expect("unseen")
	s.Expect("2026")
	s.Expect("power_events_total", `power_events_total{code="I/E01",device="ups-01",event=""} 2`)
}

// TestTheParameterCounts shows that the cmm of a record's body is for want of a
// parameter.
func TestTheParameterCounts(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	s.push("setUpsLog", "ups-02", file(t, "event.json"))
	s.push("setUpsLog", "", file(t, "event.json"))
	if got := fmt.Sprint(s.counts("ups-01"), s.counts("ups-02"), s.Store.Len()); got != "[I/E01 1] [I/E01 1] 2" {
		t.Errorf("the counts are %s", got)
	}
}

// TestConcurrentPushes lets one UPS push everything at the same time, each
// record three times. Others push meanwhile.
func TestConcurrentPushes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := open(t, folder, powersentrix.Options{})
	const records = 25
	var wait sync.WaitGroup
	for ord := range records {
		for range 3 {
			wait.Go(func() { s.push("setUpsLog", "ups-01", fmt.Sprintf(`{"ord": %d, "code": "I/E%02d"}`, ord, ord%2)) })
		}
		wait.Go(func() {
			s.push("setUpsData", "ups-01", fmt.Sprintf(`{"upsData": {"temps": {"board": %d, "mcu": %d}}}`, ord, 100+ord))
			if d, _ := s.Store.Device("ups-01"); len(d.Sensors) == 2 {
				board, _ := d.Sensors[0].Temperature.Get()
				mcu, _ := d.Sensors[1].Temperature.Get()
				if mcu != board+100 {
					t.Errorf("temperatures of two pushes are mixed: %v and %v", board, mcu)
				}
			} else {
				t.Errorf("the device is %+v", d)
			}
		})
		wait.Go(func() { s.push("setUpsData", fmt.Sprintf("other-%d", ord), onlyTemps) })
	}
	wait.Wait()
	for range 2 { // before and after a restart
		if got := fmt.Sprint(s.counts("ups-01")); got != "[I/E00 13 I/E01 12]" {
			t.Errorf("the counts are %s", got)
		}
		if s.Store.Len() != records+1 {
			t.Errorf("there are %d devices", s.Store.Len())
		}
		s.Close()
		s = open(t, folder, powersentrix.Options{})
	}
	s.Close()
}
