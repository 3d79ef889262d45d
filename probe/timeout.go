package probe

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// timeoutHeader is where Prometheus says how long it waits for a scrape.
const timeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds"

// scrapeTimeout is how long a reading may take so that the answer arrives before
// Prometheus gives up: what the header says, less the offset. The limit, halfway
// between the two, is when to answer whatever has become of the reading. Without
// a header both are 0, which leaves it to the module.
func scrapeTimeout(h http.Header, offset time.Duration) (timeout, limit time.Duration, err error) {
	text := h.Get(timeoutHeader)
	if text == "" {
		return 0, 0, nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 || seconds > 1e6 {
		return 0, 0, badRequest("header %s is %q: it must be a number of seconds above 0", timeoutHeader, text)
	}
	whole := time.Duration(seconds * float64(time.Second))
	timeout = whole - offset
	if timeout <= 0 {
		timeout = whole / 2 // half of too little is more use than nothing of it
	}
	return timeout, timeout + (whole-timeout)/2, nil
}
