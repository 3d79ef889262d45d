package simfault

import "time"

// HTMLPage is a page as a web server that is no device shows it, for
// Fault.Body.
const HTMLPage = "<!DOCTYPE html>\n<html><head><title>Please log in</title></head><body><h1>Please log in</h1></body></html>\n"

// Fault is how a path misbehaves. The zero Fault does not. Delay and Until come
// first; then one thing happens, the first of these that is asked for: Reset, a
// redirect (Location), a flood (Size), another answer (Status, Body), or what was
// asked for with WrongTypes and Half.
type Fault struct {
	// Times is how many requests it is for; 0 is all.
	Times int
	// Delay is waited before anything else, and Until is waited for. While
	// it waits the request counts as one that is being answered.
	Delay time.Duration
	Until <-chan struct{}
	// Reset resets the connection instead of an answer.
	Reset bool
	// Status is answered instead of what was asked for, with Body; 0 is 200
	// where another field asks for an answer of its own.
	Status int
	// Location redirects to a URL, with 302 if there is no Status.
	Location string
	// Body is answered instead of what was asked for; empty, but not nil, is
	// an empty body.
	Body []byte
	// ContentType is Body's; "" is application/json.
	ContentType string
	// Size answers with a JSON array of about so many bytes, whose length
	// is not told beforehand. Body has no say then.
	Size int64
	// Half sends half of the body, which is Body or else what was asked for,
	// and then closes the connection. A refusal is sent whole.
	Half bool
	// WrongTypes gives every value in what was asked for a type that it never
	// has: a number becomes {"value":…}, text becomes an array of it, a bool
	// becomes text. A refusal, and what is no JSON, stays as it is.
	WrongTypes bool
}
