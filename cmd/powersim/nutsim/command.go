package nutsim

import "strings"

// command answers one line.
func (c *session) command(words []string) {
	if len(words) == 0 {
		words = []string{""} // upsd calls an empty line an unknown command
	}
	verb, args := strings.ToUpper(words[0]), words[1:]
	run := c.verb(verb)
	c.server.counts.Add(func(st *Stats) { count(st, verb, args, run != nil) })
	if run == nil {
		c.fail("UNKNOWN-COMMAND")
		return
	}
	run(args)
}

// verb is what answers a command, or nil.
func (c *session) verb(name string) func(args []string) {
	switch name {
	case "VER":
		return c.constant(c.server.banner())
	case "NETVER", "PROTVER":
		return c.constant("1.3")
	case "HELP":
		return c.constant("Commands: HELP VER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS")
	case "GET":
		return c.get
	case "LIST":
		return c.list
	case "USERNAME":
		return func(args []string) { c.credential(args, &c.username, &c.hasUsername, name) }
	case "PASSWORD":
		return func(args []string) { c.credential(args, &c.password, &c.hasPassword, name) }
	case "LOGIN":
		return c.logIn
	case "LOGOUT":
		return c.leave
	case "STARTTLS":
		return c.secureUp
	case "SET":
		return c.set
	case "INSTCMD":
		return c.instant
	case "FSD", "MASTER", "PRIMARY":
		return c.privilege
	}
	return nil
}

// constant answers a command that has no arguments.
func (c *session) constant(text string) func(args []string) {
	return func(args []string) {
		if len(args) != 0 {
			c.fail("INVALID-ARGUMENT")
			return
		}
		c.answer("%s", text)
	}
}

// secureUp is STARTTLS, whose arguments nobody looks at.
func (c *session) secureUp([]string) {
	switch {
	case c.secure:
		c.fail("ALREADY-SSL-MODE")
	case c.server.options.Certificate == nil:
		c.fail("FEATURE-NOT-CONFIGURED")
	default:
		c.answer("OK STARTTLS")
		c.upgrade = true
	}
}

// leave is LOGOUT.
func (c *session) leave(args []string) {
	if len(args) != 0 {
		c.fail("INVALID-ARGUMENT")
		return
	}
	c.answer("OK Goodbye")
	c.leaving = true
}

// find is a UPS by the name the client wrote; it answers the error when there
// is none.
func (c *session) find(name string) (*unit, bool) {
	n, ok := c.server.units[strings.ToLower(name)]
	if !ok {
		c.fail("UNKNOWN-UPS")
	}
	return n, ok
}

// readable is find, and answers the error of a UPS that has nothing to tell.
func (c *session) readable(name string) (*unit, bool) {
	n, ok := c.find(name)
	if !ok {
		return nil, false
	}
	switch n.state {
	case StateDisconnected:
		c.fail("DRIVER-NOT-CONNECTED")
		return nil, false
	case StateStale:
		c.fail("DATA-STALE")
		return nil, false
	default:
		return n, true
	}
}

// banner is the answer to VER.
func (s *Server) banner() string {
	return "Network UPS Tools upsd " + s.options.Version + " - http://www.networkupstools.org/"
}
