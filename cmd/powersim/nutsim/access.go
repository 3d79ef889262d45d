package nutsim

// credential keeps a name or a password, which nobody judges yet.
func (c *session) credential(args []string, value *string, given *bool, verb string) {
	switch {
	case len(args) != 1:
		c.fail("INVALID-ARGUMENT")
	case *given:
		c.fail("ALREADY-SET-" + verb)
	default:
		*value, *given = args[0], true
		c.answer("OK")
	}
}

// identified says whether the client gave a name and a password, right or
// wrong, and answers the error when it did not.
func (c *session) identified() bool {
	switch {
	case !c.hasUsername:
		c.fail("USERNAME-REQUIRED")
	case !c.hasPassword:
		c.fail("PASSWORD-REQUIRED")
	default:
		return true
	}
	return false
}

// authenticated says whether the client's name and password are a user's.
func (c *session) authenticated() bool {
	password, known := c.server.options.Users[c.username]
	return known && c.hasUsername && c.hasPassword && password == c.password
}

// mayRead answers the error of a client that must show who it is first.
func (c *session) mayRead() bool {
	if c.server.options.RequireLogin && !c.authenticated() {
		c.fail("ACCESS-DENIED")
		return false
	}
	return true
}

// logIn is LOGIN, by which a client says that the UPS feeds it. It does so
// even where the UPS has nothing to tell.
func (c *session) logIn(args []string) {
	switch {
	case !c.identified():
	case len(args) != 1:
		c.fail("INVALID-ARGUMENT")
	case c.login != "":
		c.fail("ALREADY-LOGGED-IN")
	default:
		n, ok := c.find(args[0])
		if !ok {
			return
		}
		if !c.authenticated() {
			c.fail("ACCESS-DENIED")
			return
		}
		c.login = n.name
		c.server.logins.add(n.name, c.host())
		c.answer("OK")
	}
}

// logOut forgets the client's LOGIN.
func (c *session) logOut() {
	if c.login != "" {
		c.server.logins.remove(c.login, c.host())
	}
}
