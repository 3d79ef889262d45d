package nutsim

import "strings"

// get is GET. An answer repeats the names as the client wrote them, whatever
// their case; arguments too many are ignored.
func (c *session) get(args []string) {
	if !c.mayRead() {
		return
	}
	subject := ""
	if len(args) > 0 {
		subject = strings.ToUpper(args[0])
	}
	switch {
	case subject == "TRACKING":
		c.getTracking(args[1:])
	case subject == "UPSDESC" && len(args) >= 2:
		c.getDescription(args[1])
	case subject == "NUMLOGINS" && len(args) >= 2:
		if n, ok := c.readable(args[1]); ok {
			c.answer("NUMLOGINS %s %d", args[1], len(c.server.logins.of(n.name)))
		}
	case subject == "VAR" && len(args) >= 3:
		c.getVariable(args[1], args[2])
	case subject == "TYPE" && len(args) >= 3:
		c.getType(args[1], args[2])
	case subject == "DESC" && len(args) >= 3:
		c.describe(subject, args[1], args[2], c.server.options.Descriptions)
	case subject == "CMDDESC" && len(args) >= 3:
		c.describe(subject, args[1], args[2], c.server.options.CommandDescriptions)
	default:
		c.fail("INVALID-ARGUMENT")
	}
}

// getTracking answers GET TRACKING; no command is ever tracked.
func (c *session) getTracking(id []string) {
	switch {
	case len(id) == 0 && c.tracking:
		c.answer("ON")
	case len(id) == 0:
		c.answer("OFF")
	case c.tracking:
		c.fail("UNKNOWN")
	default:
		c.fail("FEATURE-NOT-CONFIGURED")
	}
}

// getDescription answers GET UPSDESC, which does not need a driver.
func (c *session) getDescription(ups string) {
	n, ok := c.find(ups)
	if !ok {
		return
	}
	text := n.description
	if text == "" {
		text = "Unavailable" // LIST UPS says "Description unavailable" of the same UPS
	}
	c.answer("UPSDESC %s %s", ups, quote(text))
}

// getVariable answers GET VAR.
func (c *session) getVariable(ups, name string) {
	key := strings.ToLower(name)
	if strings.HasPrefix(key, "server.") {
		c.getServerVariable(ups, key)
		return
	}
	n, ok := c.readable(ups)
	if !ok {
		return
	}
	v, ok := n.variables[key]
	if !ok {
		c.fail("VAR-NOT-SUPPORTED")
		return
	}
	c.answer("VAR %s %s %s", ups, name, quote(v.value))
}

// getServerVariable answers for the variables that upsd has itself. It does
// not look whether there is such a UPS, and spells the name itself.
func (c *session) getServerVariable(ups, key string) {
	switch key {
	case "server.info":
		c.answer("VAR %s %s %s", ups, key, quote(c.server.banner()))
	case "server.version":
		c.answer("VAR %s %s %s", ups, key, quote(c.server.options.Version))
	default:
		c.fail("VAR-NOT-SUPPORTED")
	}
}

// getType answers GET TYPE.
func (c *session) getType(ups, name string) {
	n, ok := c.readable(ups)
	if !ok {
		return
	}
	v, ok := n.variables[strings.ToLower(name)]
	if !ok {
		c.fail("VAR-NOT-SUPPORTED")
		return
	}
	c.answer("TYPE %s %s%s", ups, name, v.trait.words())
}

// describe answers GET DESC and GET CMDDESC, whose name need not exist.
func (c *session) describe(subject, ups, name string, texts map[string]string) {
	if _, ok := c.readable(ups); !ok {
		return
	}
	text, ok := texts[strings.ToLower(name)]
	if !ok {
		text = "Description unavailable"
	}
	c.answer("%s %s %s %s", subject, ups, name, quote(text))
}
