package powersentrixsim

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// defaultLimit is how many records a page has.
const defaultLimit = 50

// listedEvent is a record of the event log as the portal shows it.
type listedEvent struct {
	ID          int    `json:"id"`
	UPSID       string `json:"upsId"`
	CMM         string `json:"cmm"`
	Code        string `json:"code"`
	Description string `json:"description"`
	Params      string `json:"params"`
	Timestamp   string `json:"timestamp"`
}

// eventList answers with a page of a UPS's event log, the newest record first;
// the document does not say which is first. A page beyond the last is empty.
func (p *Portal) eventList(w http.ResponseWriter, r *http.Request, e Entry) {
	query := r.URL.Query()
	page, ok := whole(query, "page", 0)
	limit, ok2 := whole(query, "limit", defaultLimit)
	if !ok || !ok2 || limit == 0 {
		refuse(w, http.StatusBadRequest, "")
		return
	}
	events := e.UPS.Events()
	slices.Reverse(events)
	shown := []listedEvent{}
	pages := slices.Collect(slices.Chunk(events, limit))
	if page < len(pages) {
		for _, event := range pages[page] {
			shown = append(shown, listedEvent{
				ID: recordID(e.place, event.Ord), UPSID: e.ID, CMM: event.CMM, Code: event.Code, Description: event.Description, Params: event.Params,
				Timestamp: strings.Replace(event.Timestamp, " ", "T", 1),
			})
		}
	}
	send(w, http.StatusOK, shown)
}

// recordID is the portal's own number of a record, which no other record has. The
// document's is 9901.
func recordID(place, ord int) int { return 1_000_000*place + 9900 + ord }

// whole is a parameter that is a number, not negative, or its default.
func whole(query url.Values, name string, otherwise int) (int, bool) {
	if !query.Has(name) {
		return otherwise, true
	}
	n, err := strconv.Atoi(query.Get(name))
	return n, err == nil && n >= 0
}
