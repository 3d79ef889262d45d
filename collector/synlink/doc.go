// Package synlink reads SynLink PDUs of Synaccess by their web API: one GET an
// endpoint, or the stream that a PDU sends over a WebSocket. What the answers
// mean is in package internal/synlink.
//
// The source is Synaccess' document of the SynLink HTTP API.
package synlink
