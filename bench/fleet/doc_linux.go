// Command fleet measures what the built exporter takes for a large fleet, and
// holds it to its budgets: memory with 10,000 targets, 1,000 probes per second,
// the cost of a target and of an outlet from 10 to 10,000 of them, /metrics with
// 10,000 devices that push, and the processor time of a PDU's probe compared
// with that of a collector as client_golang makes it easiest.
//
//	go build -o power_exporter . && go run ./bench/fleet -exporter ./power_exporter
//
// With -check it exits with 1 when a budget is exceeded. Devices are simulated in
// this process, which also makes the load; the exporter is a process of its own,
// so that what the kernel counts for it is its alone. It needs Linux.
package main
