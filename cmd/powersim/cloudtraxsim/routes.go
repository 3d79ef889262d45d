package cloudtraxsim

import (
	"bytes"
	"encoding/json"
	"net/http"

	"power_exporter/cmd/powersim/simserver"
)

// answer is what the cloud says to a request that a key signed: a value to write
// as JSON, or why not.
type answer func(r *http.Request, key Key) (any, *refusal)

// routes is what is where.
func (c *Cloud) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /time", c.time)
	for pattern, a := range map[string]answer{
		"GET /powerstrip/network/{network}/list":              c.list,
		"GET /powerstrip/network/{network}/settings":          c.settings,
		"GET /powerstrip/network/{network}/firmware_versions": c.firmware,
		"GET /powerstrip/{strip}":                             c.strip,
		"GET /powerstrip/{strip}/usage":                       c.usage,

		"GET /powerstrip/{strip}/checkin":                    c.act("checkin_powerstrip"),
		"GET /powerstrip/{strip}/reboot":                     c.act("reboot_powerstrip"),
		"GET /powerstrip/{strip}/enable_pairing":             c.act("enable_pairing_powerstrip"),
		"GET /powerstrip/{strip}/port/{port}/reset":          c.resetPort,
		"GET /powerstrip/network/{network}/expedite_upgrade": c.expedite,

		"POST /powerstrip/network/{network}":         c.refuseNetwork,
		"PUT /powerstrip/network/{network}/settings": c.refuseNetwork,
		"PUT /powerstrip/{strip}":                    c.refuseStrip,
		"DELETE /powerstrip/{strip}":                 c.refuseStrip,

		"/": func(*http.Request, Key) (any, *refusal) {
			return nil, refuse(http.StatusNotFound, codeUnknownRequest, "request", "Request unknown or not implemented.")
		},
	} {
		mux.HandleFunc(pattern, c.signed(a))
	}
	return mux
}

// signed answers requests that are signed as they should be.
func (c *Cloud) signed(a answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key, refusal := c.authorize(w, r)
		if refusal != nil {
			c.refused(w, refusal)
			return
		}
		value, refusal := a(r, key)
		if refusal != nil {
			c.refused(w, refusal)
			return
		}
		c.write(w, http.StatusOK, value)
	}
}

// time is GET /time, which nobody needs a key for.
func (c *Cloud) time(w http.ResponseWriter, _ *http.Request) {
	c.write(w, http.StatusOK, struct {
		Time string `json:"time"`
	}{c.now().UTC().Format("2006-01-02T15:04:05Z")})
}

// refused writes a refusal, and counts it.
func (c *Cloud) refused(w http.ResponseWriter, r *refusal) {
	c.counts.Add(func(st *Stats) { st.Refused[r.Code]++ })
	c.write(w, r.status, struct {
		Errors []*refusal `json:"errors"`
	}{[]*refusal{r}})
}

// write writes an answer. It is dated by the cloud's clock.
func (c *Cloud) write(w http.ResponseWriter, status int, value any) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // only Edit could do that, with an infinite number
	}
	w.Header().Set("Date", c.now().UTC().Format(http.TimeFormat))
	simserver.Send(w, status, "application/json", body.Bytes())
}
