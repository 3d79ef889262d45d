// Package powerpulse reads UPSes from PowerPulse, a dashboard for NUT servers,
// by its web API. PowerPulse passes on what NUT says of a UPS, so the members of
// its objects become NUT variables again, and package nut maps those.
//
// client.go and login.go ask, system.go decodes, variables.go gives the members
// their names in NUT, and device.go makes devices of them. mixed.go recognises
// objects in which PowerPulse has mixed two UPSes.
//
// The source is the "PowerPulse API Documentation", and version 1.10.0 of the
// program where that says something else; docs/powerpulse.md has the differences.
package powerpulse
