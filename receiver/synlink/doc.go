// Package synlink accepts the web hooks of Synaccess' SynLink power
// distribution units: the section "Web Hook / Post HTTP Requests" of the
// vendor's "SynLink Web HTTP(S) API". What the JSON means is in package
// internal/synlink.
//
// A unit posts when an event is triggered that its owner has set up: which
// event, of which unit, and the objects that the owner has chosen to add. A post
// has no number, so that one which a unit sends again, because the answer was
// lost, counts again.
package synlink
