//go:build !linux

package nut

import "net"

// quickACK does nothing where acknowledgements cannot be hurried.
func quickACK(c *net.TCPConn) net.Conn { return c }
