// Package powersentrixsim is simulated PowerSentrix equipment: a DC UPS, which
// is read directly ([UPS]) and pushes to a server ([Pusher]), the vendor's
// portal ([Portal]), and thousands of pushing UPSes for load ([Fleet]). It
// follows the vendor's description of its API, and what is known of real
// devices where that lost its headings. It serves tests, load runs and the demo,
// and it counts what it was asked, so that a test can prove what a client never
// sends.
//
// Voltages count 10 mV, which the sample shows: its cells add up to its battery.
// Currents count 1 mA, the unit that the document states; its worked example
// counts 10 mA, as the model "tenmilliamp" does.
//
// Where the document is silent this is assumed:
//   - fn=1 answers with the object that setNewUps sends.
//   - A wrong API key is 401, an unknown fn 400; the bodies of these, and of
//     404 and 405.
//   - The answer to a request to act is {"info":1}, which the document has for a
//     restart. Nothing is switched, restarted or renamed; [UPS] and [Portal]
//     tell in Acted that somebody tried.
//   - The portal's event log is where [PortalOptions] say, the newest record
//     first, its times as the UPS's: local, without a zone.
//   - The members of getUpsList's objects, and how its search works.
//   - How long a token lives. It is a JSON Web Token that is signed with HS512,
//     as the document's begins.
//   - What is repeated how often, see [Pusher]; that the event log holds 1000
//     records; that setUpsData has the real companyId in its settings, where the
//     sample has one.
//   - All codes of events but I/E01.
package powersentrixsim
