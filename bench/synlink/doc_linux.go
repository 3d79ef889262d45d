// Command synlink measures what one probe of a SynLink PDU with 36 outlets costs
// on the wire: the simulated PDU, over links without delay and with one of 10 ms
// each way, read by the product's own collector by requests and by its stream.
// It prints a Markdown table.
//
//	go run ./bench/synlink
//
// It needs Linux, root, /dev/net/tun and the Debian package iproute2.
package main
