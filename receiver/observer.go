package receiver

import "time"

// Result is how a push ended, for the exporter's own count.
type Result string

// The results of a push.
const (
	Accepted     Result = "accepted"     // 200: it is on disk
	Malformed    Result = "malformed"    // 400
	Unauthorized Result = "unauthorized" // 401: a wrong company or token
	Unknown      Result = "unknown"      // 404, 405: no such path, or not POST
	TooLarge     Result = "too_large"    // 413
	Limited      Result = "limited"      // 429: too many refused requests, a flood, too many devices
	Failed       Result = "failed"       // 500: a mistake in the exporter
	NotStored    Result = "not_stored"   // 503: the disk did not take it
	Aborted      Result = "aborted"      // the client went away before its push was complete
)

// Results are all of them: a rate needs the zero before the first.
func Results() []Result {
	return []Result{Accepted, Malformed, Unauthorized, Unknown, TooLarge, Limited, Failed, NotStored, Aborted}
}

// Observer is told of every push. Its methods are called concurrently. The
// receiver is the name of an Endpoint, or "" for a path that there is not.
type Observer interface {
	PushStarted(receiver string)
	PushDone(receiver string, result Result, took time.Duration)
	// PushPanicked is called beside PushDone.
	PushPanicked(receiver string)
}
