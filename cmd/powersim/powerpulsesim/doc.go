// Package powerpulsesim is a simulated PowerPulse: the web server of a UPS
// dashboard that asks NUT servers, as its API documentation describes it and as
// its version 1.10.0 does it. It answers tests, load runs and the demo with
// recorded models, and it notes what it was asked, so that a test can prove what
// a client never sends.
//
// The document and the running program differ: in the paths, in what an object
// holds, and in the endpoint for the version. [Paths] chooses whose paths there
// are; the models, see [Models], have what each of them answers.
//
// A log-in gives a JSON Web Token, signed with HMAC-SHA256 and a secret of this
// server, that lives 24 h. A request without one, with one that is not ours and
// with one whose time is over are three different refusals, all of them 401.
// The document has no lockout and no limit of requests, so there is none; it has
// the roles admin and user, both of which may read.
//
// Where the document is silent this does as the program: the texts of refusals,
// that /api/system/version needs no log-in, that an unknown path is 404 with an
// HTML page to anybody, and that a log-in whose body is not called JSON has no
// user name.
//
// Nothing can be changed: every request that would is refused, and noted, see
// [Server.Acted]. Of what can be read there are the UPS systems, the kiosk, one
// UPS system, the version, and whether the setup was done; users, NUT servers,
// settings, histories and the debug pages are 404.
package powerpulsesim
