package exposition

import (
	"strconv"
	"sync"
	"testing"

	"power_exporter/power"
)

// pdu is a rack PDU whose 48 outlets are switched and metered.
func pdu() power.Device { return pduWith(48) }

// pduWith is the same with so many outlets.
func pduWith(outlets int) power.Device {
	d := power.Device{ID: "pdu", Kind: power.KindPDU, Up: true, Outlets: make([]power.Outlet, outlets)}
	for i := range d.Outlets {
		n := power.Of(i)
		d.Outlets[i] = power.Outlet{
			ID: strconv.Itoa(i + 1), Name: "server " + strconv.Itoa(i+1), Receptacle: "C13", Circuit: "1",
			On: power.Boolean(true),
			Electrical: power.Electrical{
				Voltage: power.Volts(n), Current: power.Amperes(n), Frequency: power.Hertz(n), PowerFactor: power.Ratio(n),
				ActivePower: power.Watts(n), ApparentPower: power.VoltAmperes(n), Energy: power.KilowattHours(n),
				Limits: &power.ElectricalLimits{Current: power.Limits{HighWarning: power.Amperes(n), HighCritical: power.Amperes(n)}},
			},
		}
	}
	return d
}

// Scrapes may share a device: encoding it must not change anything.
func TestEncodeConcurrently(t *testing.T) {
	c := NewCollector([]power.Device{pdu()})
	want := text(t, gather(t, c))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := text(t, gather(t, c)); got != want {
				t.Error("two scrapes at a time of one device differ")
			}
		})
	}
	wg.Wait()
}
