package emssim

import (
	"encoding/json"
	"net/http"

	"power_exporter/cmd/powersim/simserver"
)

// answer says what the EMS has to say to a request that reaches it.
func (s *EMS) answer(w http.ResponseWriter, r *http.Request) {
	e, uid, ok := s.route(r.URL.Path)
	switch {
	case !ok:
		refuse(w, http.StatusNotFound, "no such path")
	case r.Method != e.method():
		w.Header().Set("Allow", e.method())
		refuse(w, http.StatusMethodNotAllowed, "method not allowed")
	case e == login:
		s.logIn(w, r)
	case e == version:
		send(w, http.StatusOK, []byte(`{"api_ver":1}`))
	default:
		s.read(w, r, e, uid)
	}
}

// read answers what an endpoint tells those who show a token.
func (s *EMS) read(w http.ResponseWriter, r *http.Request, e endpoint, uid int) {
	if refusal := s.identify(r); refusal != "" {
		refuse(w, http.StatusUnauthorized, refusal)
		return
	}
	q, err := parseQuery(r.URL.RawQuery, e)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	body := s.reply(e, uid, q)
	if body == nil {
		refuse(w, http.StatusNotFound, "not found")
		return
	}
	send(w, http.StatusOK, body)
}

// refuse answers with a status that is no success. The document shows no body
// of one.
func refuse(w http.ResponseWriter, status int, message string) {
	body, err := json.Marshal(map[string]string{"message": message})
	if err != nil {
		panic(err) // two strings never fail
	}
	send(w, status, body)
}

// send writes a whole answer.
func send(w http.ResponseWriter, status int, body []byte) {
	simserver.Send(w, status, "application/json", body)
}
