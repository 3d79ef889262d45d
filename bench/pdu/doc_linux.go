// Package pdu plays a simulated SynLink PDU at the far end of a link, for
// measuring what reading it costs.
package pdu
