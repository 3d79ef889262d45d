package cloudtraxsim

import "net/http"

// Codes of the vendor's table that are answered here.
const (
	codeException        = 1000
	codeUnknownRequest   = 1002
	codeInvalidID        = 1003
	codeMissingParameter = 1006
	codeSuccess          = 1009
	codeNotFound         = 1017
	codeNoNetwork        = 12000
	codeSignature        = 13000
	codeNoNonce          = 13001
	codeClock            = 13002
	codeNonceRepeated    = 13003
	codeVersion          = 13004
	codeForeignStrip     = 13005
	codeReadOnly         = 13006
	codeForeignNetwork   = 13009
	codeUnknownKey       = 13011
	codeNoSignature      = 13015
)

// refusal is an answer that is no success.
type refusal struct {
	status int

	Code    int               `json:"code"`
	Context string            `json:"context"`
	Message string            `json:"message"`
	Values  map[string]string `json:"values"`
}

// success is the answer to what was done and has nothing to tell.
type success struct {
	Code    int      `json:"code"`
	Context string   `json:"context"`
	Message string   `json:"message"`
	Values  struct{} `json:"values"`
}

// refuse is a refusal without values.
func refuse(status, code int, context, message string) *refusal {
	return &refusal{status: status, Code: code, Context: context, Message: message, Values: map[string]string{}}
}

// unauthorized refuses who does not prove to be allowed to ask.
func (c *Cloud) unauthorized(code int, message string) *refusal {
	return refuse(c.options.Unauthorized, code, "authorize", message)
}

// exception refuses for a reason that has no code of its own.
func exception(status int, context, reason string) *refusal {
	r := refuse(status, codeException, context, "Exception: "+reason)
	r.Values["reason"] = reason
	return r
}

// invalidID refuses an id that is no number.
func invalidID(context string) *refusal {
	return refuse(http.StatusBadRequest, codeInvalidID, context, "Id is invalid.")
}

// notFound refuses an id that nothing has.
func notFound(context string) *refusal {
	return refuse(http.StatusNotFound, codeNotFound, context, "Element not found.")
}
