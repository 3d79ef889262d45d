package torture

import (
	"net/http"
	"testing"
)

// fault is one way to fail.
type fault struct {
	name  string // as it is called in the document
	means string // what has happened, and what to do, for the document
	// says is a regular expression that the error of every failed probe
	// matches.
	says string
	// fine is set where no probe fails.
	fine bool
	// vague is set where the error does not say what has happened.
	vague bool
	// chance is set where it is chance which of the requests notices, and how.
	chance bool
	// slow is set where the time of a probe has to be over.
	slow bool
	// secure is set where the device speaks TLS.
	secure bool
	// keep is set where the device keeps connections.
	keep bool
	// unknown is set where there cannot have been a good probe before; address
	// is then where the exporter is sent.
	unknown bool
	address func(*device) string

	// begin makes a device fail at connecting.
	begin func(*testing.T, *device, *certificates)
	// answer makes it fail at a request.
	answer func(*exchange)
	// whole is set where answer changes the body of a good answer, which the
	// beginning of a stream does not have.
	whole bool
	// renames is set where the names of things differ from the good answer's.
	renames bool
	// mute is set where an answer says nothing, and counts as one all the same.
	mute bool
}

// stage is when a fault happens: at which of the requests of a probe.
type stage struct {
	name   string // for the document
	faulty func(*http.Request) bool
	// logIn is set where that is a log-in: the session of before has ended then.
	logIn bool
	// stream is set where that is the beginning of a stream.
	stream bool
	// wide is set where it is many requests, to each of which an endless answer
	// would take long.
	wide bool
	// harmless is the names of the faults that cost nothing here, or nothing
	// that is an error.
	harmless []string
	// unnoticed is the names of those that cost something and are no error, and
	// unclear of those whose error does not say what has happened. Whoever mends
	// one of them takes it from here.
	unnoticed, unclear []string
}
