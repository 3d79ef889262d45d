// Package power is the domain: what can be known of a piece of power
// equipment, in base units and without the name of any vendor, protocol or
// metric.
//
// Vendors turn what a device says into a [Device]; package exposition turns a
// Device into metrics. In between it is plain data: a Device is built, passed
// once through [Validate], and never modified after that, so that several
// scrapes can share it.
package power
