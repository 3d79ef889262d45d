package synlink

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/power"
)

// TestWhatFramesDoNotTell shows what is asked for while frames come: once a
// minute what they do not tell, and everything each ten minutes, however many
// servers scrape.
func TestWhatFramesDoNotTell(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
		c := listening(t, pdu, n.streaming())
		pass(time.Second)
		slow := once("inlets", "banks", "outlets", "sensors")
		for minute := 1; minute <= 25; minute++ {
			for range 3 {
				pass(15 * time.Second)
				asks(t, pdu, c, nothing)
			}
			set(t, pdu, "groups/0/groupName", fmt.Sprint("group ", minute))
			set(t, pdu, "outlets/0/outletName", fmt.Sprint("outlet ", minute))
			set(t, pdu, "events/0/triggered", minute%2 == 0)
			pass(15 * time.Second)
			want := slow
			if minute%10 == 0 {
				want = once()
			}
			d := asks(t, pdu, c, want)
			got := fmt.Sprint(d.Groups[0].Name, ", ", d.Outlets[0].Name, ", ", d.Alarms[0].Active)
			name := "Outlet 1"
			if minute >= 10 {
				name = fmt.Sprint("outlet ", minute/10*10)
			}
			if want := fmt.Sprintf("group %d, %s, %d", minute, name, 1-minute%2); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		if stats := pdu.Stats(); stats.Logins != 1 || stats.Requests["/ws"] != 1 || stats.MaxInFlight > 2 {
			t.Errorf("%+v", stats)
		}
	})
}

// TestASlowPartFails shows that a failure of what frames do not tell costs
// nothing of the frames, is not tried again within the minute, and is told by
// each probe in which that is missing.
func TestASlowPartFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
		c := listening(t, pdu, n.streaming())
		pdu.SetFault("/api/groups", synlinksim.Fault{Status: 500})
		pdu.SetFault("/api/device", synlinksim.Fault{Status: 500})
		pass(time.Minute + time.Second)
		const want = "reading device: GET http://pdu.example.net/api/device: 500 Internal Server Error\n" +
			"reading groups: GET http://pdu.example.net/api/groups: 500 Internal Server Error"
		for i := range 3 {
			devices, err := collect(t, c)
			wantError(t, err, want)
			if d := devices[0]; d.Streamed != power.Boolean(true) || len(d.Outlets) != 36 || len(d.Groups) > 0 || d.Serial != "1024122712" || len(d.Uptimes) != 1 {
				t.Errorf("reading %d: %+v", i, d)
			}
			pass(time.Second)
		}
		pdu.SetFault("/api/groups", synlinksim.Fault{})
		pdu.SetFault("/api/device", synlinksim.Fault{})
		pass(time.Minute)
		if d := read(t, c); len(d.Groups) != 2 {
			t.Errorf("%d groups", len(d.Groups))
		}
	})
}

// TestOnlyWhatIsWanted shows that parts of frames are left out with their
// endpoints, and that a firmware which lacks the others is no failure.
func TestOnlyWhatIsWanted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
		o := n.streaming()
		o.Endpoints = []string{"banks", "groups"}
		pdu.SetFault("/api/groups", synlinksim.Fault{Status: 404})
		c := listening(t, pdu, o)
		for range 3 {
			pass(time.Minute + time.Second)
			d := asks(t, pdu, c, map[string]int{"/api/groups": 1})
			if d.Streamed != power.Boolean(true) || len(d.Circuits) != 3 || len(d.Inlets)+len(d.Outlets)+len(d.Sensors)+len(d.Uptimes) > 0 {
				t.Errorf("%+v", d)
			}
		}
	})
}

// TestAPartThatFramesLose shows that nothing old passes for new: a part that
// was in frames and no longer is, is asked for at once.
func TestAPartThatFramesLose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		c := listening(t, pdu, n.streaming())
		tick(t, pdu)
		if d := asks(t, pdu, c, nothing); len(d.Sensors) != 1 {
			t.Fatalf("%d sensors", len(d.Sensors))
		}
		if err := pdu.SetReply("sensors", "[]"); err != nil {
			t.Fatal(err)
		}
		tick(t, pdu)
		if d := asks(t, pdu, c, once("inlets", "banks", "outlets")); len(d.Sensors) > 0 || len(d.Outlets) != 8 {
			t.Errorf("sensors are %+v", d.Sensors)
		}
		tick(t, pdu)
		asks(t, pdu, c, nothing)
	})
}
