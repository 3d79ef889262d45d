package synlink

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestASurgeBetweenProbes shows a surge that begins and ends between two
// probes to two readers, for as long as the window, and to neither after it.
func TestASurgeBetweenProbes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, onlyTicks(), "single8")
		o := n.streaming()
		o.Window = 30 * time.Second
		c := listening(t, pdu, o)
		frame := func(outlet, bank, inlet float64) {
			t.Helper()
			set(t, pdu, "outlets/1/currentRms", outlet)
			set(t, pdu, "banks/0/activePower", bank)
			set(t, pdu, "inlets/0/inletCurrentRms", inlet)
			tick(t, pdu)
			pass(framePeriod)
		}
		look := func(want string) {
			t.Helper()
			d := read(t, c)
			got := fmt.Sprint(d.Outlets[1].Current, *d.Outlets[1].Extremes, d.Circuits[0].Extremes.ActivePowerPeak, d.Circuits[0].Extremes.ActivePowerTrough,
				d.Inlets[0].Extremes.CurrentPeak, d.Inlets[0].Extremes.CurrentTrough)
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		frame(1, 200, 2)
		look("1 {1 1 absent absent} 200 200 2 2")
		frame(9, 1000, 0.5)
		frame(1, 200, 2)
		for range 2 { // each of two readers, twice
			look("1 {9 1 absent absent} 1000 200 2 0.5")
			look("1 {9 1 absent absent} 1000 200 2 0.5")
			frame(1, 200, 2)
		}
		for range 11 { // the surge was 6 s ago
			frame(2, 300, 3)
			look("2 {9 1 absent absent} 1000 200 3 0.5")
		}
		frame(2, 300, 3)
		look("2 {2 1 absent absent} 300 200 3 2")
		for range 3 {
			frame(2, 300, 3)
		}
		look("2 {2 2 absent absent} 300 300 3 3")

		// What is over is still to be seen where the stream has fallen silent.
		frame(7, 300, 3)
		frame(2, 300, 3)
		pass(silence)
		set(t, pdu, "outlets/1/currentRms", 3)
		look("3 {7 2 absent absent} 300 300 3 3")
		pass(30 * time.Second)
		if d := read(t, c); d.Outlets[1].Extremes != nil {
			t.Errorf("extremes %+v of frames that are long gone", d.Outlets[1].Extremes)
		}
	})
}
