// Package exposition turns a [power.Device] into metrics. It is the only
// package that names a metric: every family of the schema is a row of a table
// here, and METRICS.md is written from the same tables.
//
// To find a metric, search for its name. The electrical group is the same for
// every kind of point, so of its families only the end of the name stands in a
// table: search for "_voltage_volts", not for power_inlet_voltage_volts.
package exposition

//go:generate go run ./metricsdoc ../METRICS.md
