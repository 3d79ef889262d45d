// Package large makes the largest devices that the exporter is measured with,
// and larger ones to see how the cost grows: the recorded devices of the
// simulators with more of what they have.
package large
