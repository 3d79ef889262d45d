// Package cloudtraxsim is a simulated CloudTrax: the cloud that CloudTrax power
// strips report to, as the vendor's "Power Strip Management endpoints" describe
// it. It answers tests, load runs and the demo, and it counts what it was
// asked, so that a test can prove what a client never sends.
//
// It checks what the service checks: the version of the API, the form of the
// Authorization header, the key, the clock, the signature, that no nonce comes
// twice, and that the key is for the network. What it answers is the document's
// samples, with their warts: [Manual] has them as they are printed; [Office] and
// [Large] are invented after them.
//
// Codes and messages of refusals are those of the vendor's table of error codes.
// Where the documents are silent this is assumed: the status that goes with a
// code (401 for who asks, 403 for what is not allowed, 404 for what there is not,
// 400 otherwise), that a name in the Authorization header that is not where it
// belongs counts as missing, that a Content-Type that is not JSON is 1006, that
// the nonces of all keys are one set, what a refusal for too many requests says
// beside its status, and that each point of a usage has the readings of now.
//
// Requests that act on a strip answer success, those that would change what the
// cloud stores are refused as with a read-only key, and nothing happens. Both are
// in [Cloud.Acted], whoever asked, since a reader never sends them.
package cloudtraxsim
