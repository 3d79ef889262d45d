// Package synlinksim is a simulated SynLink PDU: the web server of Synaccess'
// power distribution units, as the vendor's "SynLink Web HTTP(S) API" describes
// it. It answers tests, load runs and the demo with recorded models, and it
// counts what it was asked, so that a test can prove what a client never sends.
//
// It checks what a device checks: personal access tokens, sessions and their
// end, permissions, methods, JSON. What it answers is the document's samples,
// with their warts: values of 32 bits printed as 64, ids that are numbers here
// and strings there, a power factor with a sign, a clock without seconds. Model
// "manual" has those samples as they are printed; the others are invented after
// them, so that each form of reply the document knows is in one of them. (It
// prints no diagnostics, of which only lifetimeInletEnergyAccumulation is known.)
//
// Where the document is silent this is assumed: which permission opens which
// endpoint ([Options]' Users), the bodies of refusals, that an unknown path is
// 404 to anybody, how long a session lives, and that a stream whose session
// ended is closed at its next frame. Where the document contradicts itself the
// simulator does as the samples do.
//
// Nothing can be changed: every request that would is refused, and counted in
// [Stats] as a write.
package synlinksim
