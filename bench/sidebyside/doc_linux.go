// Command sidebyside measures the exporter beside what else could read the same
// servers, in one run: a real upsd with five UPSes and a simulated SynLink PDU
// with 36 outlets, over links without delay and with round-trip times of 5 ms and
// 50 ms. The others are clients that do the least there is to do, and
// json_exporter, which is configured to the same readings of the PDU
// (json_exporter.yml). It prints Markdown tables, and says which budgets are kept.
//
//	go run ./bench/sidebyside -exporter ./power_exporter -json-exporter .tools/json_exporter
//
// It needs Linux, root, /dev/net/tun and the Debian packages nut-server and
// iproute2.
package main
