// Package emssim is a simulated Carlo Gavazzi EMS: the REST API of the
// smart-meter platform (Webapi 1.0.0), as the vendor's document describes it. It
// answers tests, load runs and the demo with recorded models, and it counts what
// it was asked.
//
// It checks what the service checks: log-ins, roles, the signature, algorithm
// and end of a token at each request, methods, filters, pages. What it answers
// has the shape of the document's samples: lists are objects keyed by uid, a
// realtime time is in milliseconds, a history time in seconds. Model "manual"
// has those samples as they are printed, which do not fit together; "site" is
// invented after them.
//
// Where the document is silent this is assumed:
//
//   - The paths of [Paths], of which only those of the version and of the log-in
//     are known; the others follow the names of the resources. (The document has
//     more requests with one uid than those here. Their samples hold several
//     signals of one load or one device; where they live is not known, so they are
//     not played.)
//   - Refusals have a JSON message. Path and method are checked before the token,
//     the token before the parameters. A log-in that is no JSON by its
//     Content-Type is 415.
//   - A filter that names a uid that there is not finds nothing, and is no error. A
//     uid, a limit or a page that is no number is 400, and so is a limit or a page
//     below 1. Parameters that an endpoint does not know are not looked at.
//   - A page beyond the last is an empty object.
//   - A device has the protocols of its loads.
//   - What an si stands for: see [Quantities].
//
// History is the document's sample, whatever the model and the time range.
// Nothing can be changed over the API.
package emssim
