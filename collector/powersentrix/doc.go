// Package powersentrix reads PowerSentrix DC UPSes, each directly or all of an
// account through the vendor's portal. What the answers mean is in package
// internal/powersentrix, so that both ways, and what a UPS pushes, export the
// same.
//
// The source is the vendor's document "PowerSentrix API v1": section 4 for
// /api_actions of a UPS, sections 1, 3 and 6 for the portal. A UPS is asked with
// fn=1 and fn=2 alone: the other functions switch, restart and rename outputs.
// Of the portal only what reads is asked, and the log-in.
package powersentrix
