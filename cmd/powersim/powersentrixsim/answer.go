package powersentrixsim

import (
	"net/http"

	"power_exporter/cmd/powersim/simserver"
)

// message is the answer to what is refused.
type message struct {
	Message string `json:"message"`
}

// reply is the answer that the document wraps so.
type reply struct {
	ResponseMessage string `json:"responseMessage"`
	ResponseObject  any    `json:"responseObject,omitzero"`
}

// send answers with a value as JSON.
func send(w http.ResponseWriter, status int, value any) {
	simserver.Send(w, status, "application/json", encode(value))
}

// refuse answers with a message; "" is the text of the status.
func refuse(w http.ResponseWriter, status int, text string) {
	if text == "" {
		text = http.StatusText(status)
	}
	send(w, status, message{text})
}

// allow refuses every method but one, and says whether it was that.
func allow(w http.ResponseWriter, r *http.Request, method string) bool {
	if r.Method == method {
		return true
	}
	w.Header().Set("Allow", method)
	refuse(w, http.StatusMethodNotAllowed, "")
	return false
}
