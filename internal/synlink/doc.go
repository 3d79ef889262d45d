// Package synlink is what the JSON of Synaccess' SynLink power distribution
// units means: the objects of the vendor's "SynLink Web HTTP(S) API", how they
// are decoded, and what each member of theirs becomes in a [power.Device]. It
// does no I/O. The collector gives it what a unit answered or streamed, the
// receiver what a unit posted.
//
// Each object stands in a file of its own, with its mapping below it. Members
// that the schema has no use for are not decoded at all; docs/synlink.md lists
// them, with the reasons.
//
// Types vary between firmwares, and within the document: ids and serial numbers
// come as numbers and as text, states in any case, one object where a list
// belongs. Package lenient reads all of them.
package synlink
