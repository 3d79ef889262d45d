// Package nut reads UPSes and PDUs from a NUT server, upsd, by the protocol of
// RFC 9271 ("Uninterruptible Power Supply (UPS) Management Protocol").
//
// conn.go speaks the protocol's lines, client.go asks for all there is in as
// few round trips as the protocol allows, and device.go turns NUT's variables
// into devices. Variables are described in NUT's nut-names.txt; which of them
// becomes what is in docs/nut.md.
package nut
