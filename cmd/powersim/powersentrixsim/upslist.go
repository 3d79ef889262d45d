package powersentrixsim

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// listed is a UPS in the answer of getUpsList. The document says no more of the
// list than that it is an array of Ups objects; these are the members without
// which it would be of no use, under the names that they have in getBasicInfo.
type listed struct {
	ID   json.RawMessage `json:"id"`
	CMM  string          `json:"cmm"`
	Name string          `json:"name"`
	IP   string          `json:"ip,omitzero"`
}

// list answers GET /ups/getUpsList. A text is looked for anywhere in a name,
// large or small; the document does not say how.
func (p *Portal) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	list := []listed{}
	for _, e := range p.known() {
		s := e.summary()
		if (has(e.Name, query.Get("searchText")) || has(e.Description, query.Get("searchText"))) && has(s.Model, query.Get("searchType")) {
			list = append(list, listed{p.id(e.ID), s.CMM, e.Name, s.IP})
		}
	}
	send(w, http.StatusOK, reply{"OK", list})
}

// id writes the id of a UPS; see PortalOptions.
func (p *Portal) id(id string) json.RawMessage {
	if _, err := strconv.ParseUint(id, 10, 63); err == nil && p.options.NumberIDs {
		return json.RawMessage(id)
	}
	return encode(id)
}

// has says whether a text contains a part.
func has(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
