// Package upsd runs a real NUT server with five UPSes at the far end of a link,
// and speaks the least of its protocol, for measuring what others make of it.
//
// It needs Linux, root and the Debian package nut-server.
package upsd
