// Command nut measures what one probe of a NUT server costs on the wire: a real
// upsd with five UPSes behind it, over links without delay and with one of
// 10 ms each way, read by clients that do the least possible and by the product's
// own collector. It prints a Markdown table.
//
//	go run ./bench/nut
//
// A busy machine shows in the 95th percentiles: nice -n -20 helps.
//
// It needs Linux, root, /dev/net/tun and the Debian packages nut-server and
// iproute2.
package main
