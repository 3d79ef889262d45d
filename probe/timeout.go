package probe

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// timeoutHeader is where Prometheus says how long it waits for a scrape.
const timeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds"

// scrapeTimeout is how long the probe may take so that its answer arrives
// before Prometheus gives up: what the header says, less the offset. Without a
// header it is 0, which leaves it to the module.
func scrapeTimeout(h http.Header, offset time.Duration) (time.Duration, error) {
	text := h.Get(timeoutHeader)
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 || seconds > 1e6 {
		return 0, badRequest("header %s is %q: it must be a number of seconds above 0", timeoutHeader, text)
	}
	timeout := time.Duration(seconds * float64(time.Second))
	if timeout <= offset {
		// Half of too little is more use than nothing of it.
		return timeout / 2, nil
	}
	return timeout - offset, nil
}
