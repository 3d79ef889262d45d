package nutsim

import "strings"

// list is LIST. A list repeats its question before and after itself, with the
// names as the client wrote them; arguments too many are ignored.
func (c *session) list(args []string) {
	if !c.mayRead() {
		return
	}
	subject := ""
	if len(args) > 0 {
		subject = strings.ToUpper(args[0])
	}
	switch {
	case subject == "UPS":
		c.listUPS()
	case (subject == "VAR" || subject == "RW" || subject == "CMD") && len(args) >= 2:
		if n, ok := c.readable(args[1]); ok {
			c.listOfUPS(subject, args[1], n)
		}
	case subject == "CLIENT" && len(args) >= 2:
		if n, ok := c.find(args[1]); ok {
			c.listOfUPS(subject, args[1], n)
		}
	case (subject == "ENUM" || subject == "RANGE") && len(args) >= 3:
		c.listOfVariable(subject, args[1], args[2])
	default:
		c.fail("INVALID-ARGUMENT")
	}
}

// listUPS is LIST UPS.
func (c *session) listUPS() {
	c.answer("BEGIN LIST UPS")
	for _, n := range c.server.order {
		text := n.description
		if text == "" {
			text = "Description unavailable" // GET UPSDESC says "Unavailable" of the same UPS
		}
		c.answer("UPS %s %s", n.name, quote(text))
	}
	c.answer("END LIST UPS")
}

// listOfUPS is a list about one UPS.
func (c *session) listOfUPS(subject, ups string, n *unit) {
	c.answer("BEGIN LIST %s %s", subject, ups)
	switch subject {
	case "VAR", "RW":
		for _, key := range n.order {
			if v := n.variables[key]; subject == "VAR" || v.trait.Writable {
				c.answer("%s %s %s %s", subject, ups, v.name, quote(v.value))
			}
		}
	case "CMD":
		for _, command := range n.commands {
			c.answer("CMD %s %s", ups, command)
		}
	case "CLIENT":
		for _, host := range c.server.logins.of(n.name) {
			c.answer("CLIENT %s %s", n.name, host)
		}
	}
	c.answer("END LIST %s %s", subject, ups)
}

// listOfVariable is a list about one variable of a UPS.
func (c *session) listOfVariable(subject, ups, name string) {
	n, ok := c.readable(ups)
	if !ok {
		return
	}
	v, ok := n.variables[strings.ToLower(name)]
	if !ok {
		c.fail("VAR-NOT-SUPPORTED")
		return
	}
	c.answer("BEGIN LIST %s %s %s", subject, ups, name)
	if subject == "ENUM" {
		for _, value := range v.trait.Enum {
			c.answer("ENUM %s %s %s", ups, name, quote(value))
		}
	} else {
		for _, r := range v.trait.Ranges {
			c.answer("RANGE %s %s %s %s", ups, name, quote(r[0]), quote(r[1]))
		}
	}
	c.answer("END LIST %s %s %s", subject, ups, name)
}
