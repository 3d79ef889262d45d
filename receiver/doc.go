// Package receiver takes what devices push: the part that is the same for every
// vendor. A [Handler] decides who may push and how much, a vendor's package
// decodes the body, and a [Store] keeps the latest state of every device, in
// memory to be exported and on disk to survive a restart.
//
// The store does not know vendors. A vendor's package gives it a [Kind], which
// maps the vendor's own state to a [power.Device], and changes one device at a
// time with [Store.Update].
package receiver
