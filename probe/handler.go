package probe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"power_exporter/config"
	"power_exporter/exposition"
)

// Handler answers /probe. A failed probe is a 200 with probe_success 0 and
// whatever could be read; only a request that can never succeed is an error: 400 if
// it is wrong, 403 if the configuration does not allow it.
//
// The offset is how much earlier than Prometheus' own timeout a probe ends, so
// that the answer still arrives.
func (p *Prober) Handler(offset time.Duration) http.Handler {
	answers := exposition.NewAnswerer(gatherLog{p.logger})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Query would leave out what it cannot read, and the probe would be of
		// more than was asked for.
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			refuse(w, badRequest("the query cannot be read: %v", err))
			return
		}
		debug, err := wantsDebug(query.Get("debug"))
		if err != nil {
			refuse(w, err)
			return
		}
		timeout, limit, err := scrapeTimeout(r.Header, offset)
		if err != nil {
			refuse(w, err)
			return
		}
		ctx := r.Context()
		if limit > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeoutCause(ctx, limit, errScrapeOver)
			defer cancel()
		}
		if debug {
			p.debug(ctx, w, query, timeout)
			return
		}
		report, err := p.Probe(ctx, query, timeout, p.logger)
		if err != nil {
			refuse(w, err)
			return
		}
		answers.Answer(w, r, report.Devices, report.probe())
		report.sayWhy(w, w.Header())
	})
}

// errScrapeOver is the error of a probe that waited for a reading which
// somebody else had begun, and which takes longer than its own scrape may.
var errScrapeOver = errors.New("the scrape's time is nearly over, and the reading it shares is not")

// wantsDebug reads the debug parameter.
func wantsDebug(text string) (bool, error) {
	if text == "" {
		return false, nil
	}
	debug, err := strconv.ParseBool(text)
	if err != nil {
		return false, badRequest("parameter debug is %q: it must be true or false", text)
	}
	return debug, nil
}

// badRequest is the error of a request that is wrong.
func badRequest(format string, args ...any) error {
	return &config.RequestError{Reason: config.BadRequest, Message: fmt.Sprintf(format, args...)}
}

// refuse answers a request that is wrong or not allowed.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if refused, ok := errors.AsType[*config.RequestError](err); ok {
		status = http.StatusBadRequest
		if refused.Reason == config.Forbidden {
			status = http.StatusForbidden
		}
	}
	http.Error(w, err.Error(), status)
}

// gatherLog is where promhttp writes that it could not gather or send.
type gatherLog struct{ logger *slog.Logger }

// Println implements promhttp.Logger.
func (l gatherLog) Println(v ...any) { l.logger.Error("answering a probe", "err", fmt.Sprint(v...)) }
