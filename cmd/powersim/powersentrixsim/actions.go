package powersentrixsim

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
)

// info is the answer to a request to act.
type info struct {
	Info int `json:"info"`
}

// answer says what the UPS has to say: to GET /api_actions, with the API key.
func (u *UPS) answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/api_actions" {
		refuse(w, http.StatusNotFound, "")
		return
	}
	query := r.URL.Query()
	fn := query.Get("fn")
	acts := fn == "3" || fn == "4" || fn == "5"
	if acts {
		u.act(describe(query), r)
	}
	switch {
	case !allow(w, r, http.MethodGet):
	case subtle.ConstantTimeCompare([]byte(query.Get("apiKey")), []byte(u.options.APIKey)) != 1:
		refuse(w, http.StatusUnauthorized, "")
	case acts:
		send(w, http.StatusOK, info{1})
	case fn == "1":
		send(w, http.StatusOK, u.Ident())
	case fn == "2":
		send(w, http.StatusOK, u.Data())
	default:
		refuse(w, http.StatusBadRequest, "")
	}
}

// describe writes a request to act, without its API key.
func describe(query url.Values) string {
	return fmt.Sprintf("fn=%s param1=%q param2=%q", query.Get("fn"), query.Get("param1"), query.Get("param2"))
}
