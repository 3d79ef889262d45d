package synlinksim

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"
	"strings"
)

// phases is the current in each conductor of a three-phase inlet, by line.
type phases map[string]complex128

// add puts the load of a bank between the lines that its bankLines name, as
// "L1-N" or "L1-L2", at a power factor of 1.
func (p phases) add(lines string, current float64) {
	from, to, _ := strings.Cut(lines, "-")
	voltage := phase(from) - phase(to)
	if voltage == 0 {
		return
	}
	phasor := complex(current, 0) * voltage / complex(cmplx.Abs(voltage), 0)
	p[from] += phasor
	p[to] -= phasor
}

// phase is the voltage of a line against neutral, in units of itself; of the
// neutral, and of what is no line, 0.
func phase(line string) complex128 {
	i := slices.Index([]string{"L1", "L2", "L3"}, line)
	if i < 0 {
		return 0
	}
	return cmplx.Rect(1, -2*math.Pi/3*float64(i))
}

// balance is how far the line furthest from the mean is from it, as the PDU
// writes it: 100% where all are the same.
func balance(currents []float64) string {
	var sum, furthest float64
	for _, c := range currents {
		sum += c
	}
	mean := sum / float64(len(currents))
	if mean == 0 {
		return "100%"
	}
	for _, c := range currents {
		furthest = max(furthest, math.Abs(c-mean))
	}
	return fmt.Sprintf("%.0f%%", max(0, 100-100*furthest/mean))
}

// in is the current in a line, in amperes.
func (p phases) in(line string) float64 { return cmplx.Abs(p[line]) }
