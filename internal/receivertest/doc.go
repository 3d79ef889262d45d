// Package receivertest lets tests push to a vendor's receiver, whatever it
// receives, and look at what is exported then.
package receivertest
