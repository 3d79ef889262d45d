// Package exposition turns a [power.Device] into metrics. It is the only
// package that names a metric: every family of the schema is a row of a table
// here, and METRICS.md is written from the same tables.
//
// To find a metric, search for its name. The electrical group is the same for
// every kind of point, so of its families only the end of the name stands in a
// table: search for "_voltage_volts", not for power_inlet_voltage_volts.
//
// The tables send samples to a sink, of which there are two: one hands them to
// client_golang, the other keeps them to write the text format, which is what
// Prometheus asks for and what takes many times as long by client_golang.
package exposition

//go:generate go run ./metricsdoc ../METRICS.md
