package nutsim

import "strings"

// set is SET. TRACKING, a habit of the connection, is granted; no variable is
// ever changed.
func (c *session) set(args []string) {
	switch {
	case !c.identified():
	case len(args) >= 2 && strings.EqualFold(args[0], "TRACKING"):
		c.setTracking(args[1])
	case len(args) < 4 || !strings.EqualFold(args[0], "VAR"):
		c.fail("INVALID-ARGUMENT")
	default:
		if _, ok := c.readable(args[1]); ok {
			c.fail("ACCESS-DENIED")
		}
	}
}

// setTracking turns TRACKING on or off.
func (c *session) setTracking(value string) {
	switch strings.ToUpper(value) {
	case "ON":
		c.tracking = true
	case "OFF":
		c.tracking = false
	default:
		c.fail("INVALID-ARGUMENT")
		return
	}
	c.answer("OK")
}

// instant is INSTCMD.
func (c *session) instant(args []string) {
	switch {
	case !c.identified():
	case len(args) < 2:
		c.fail("INVALID-ARGUMENT")
	default:
		n, ok := c.readable(args[0])
		if !ok {
			return
		}
		if !n.supports(args[1]) {
			c.fail("CMD-NOT-SUPPORTED")
			return
		}
		c.fail("ACCESS-DENIED")
	}
}

// privilege is FSD, MASTER and PRIMARY, which only upsmon may send.
func (c *session) privilege(args []string) {
	switch {
	case !c.identified():
	case len(args) != 1:
		c.fail("INVALID-ARGUMENT")
	default:
		if _, ok := c.find(args[0]); ok {
			c.fail("ACCESS-DENIED")
		}
	}
}
