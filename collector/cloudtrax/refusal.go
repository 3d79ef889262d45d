package cloudtrax

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"power_exporter/collector"
	"power_exporter/internal/lenient"
	"power_exporter/internal/rest"
)

// Codes of the vendor's table of error codes, as far as a reader meets them.
const (
	codeUnknownRequest  = 1002
	codeInvalidID       = 1003
	codeNoNetworks      = 1004
	codeNotFound        = 1017
	codePrivileges      = 1018
	codeNoNetwork       = 12000
	codeNotByNetwork    = 12047
	codeSignature       = 13000
	codeNoNonce         = 13001
	codeClock           = 13002
	codeNonceRepeated   = 13003
	codeVersion         = 13004
	codeForeignKey      = 13005
	codeReadOnly        = 13006
	codeExpired         = 13007
	codeForeignNetwork  = 13009
	codeUnknownKey      = 13011
	codeNoSignature     = 13015
	codeKeyExpired      = 13016
	codeNoComponent     = 20005
	codeNoPermission    = 30001
	codeNoPermissionFor = 30002
)

const (
	// maxRefusals is how many errors of one answer are shown.
	maxRefusals = 3
	// maxMessage is how much is shown of a message that has no words here.
	maxMessage = 200
)

// refusal is one error in an answer of the service.
type refusal struct {
	Code    lenient.Text `json:"code"`
	Message lenient.Text `json:"message"`
}

// refusedError is an answer whose body says why it is no success.
type refusedError struct {
	answer error // the status, and what was asked
	codes  []int
	text   string
}

func (e *refusedError) Error() string { return e.answer.Error() + ": " + e.text }

// Unwrap gives the answer, and says where it is about key or secret.
func (e *refusedError) Unwrap() []error {
	if e.isOfKey() {
		return []error{e.answer, collector.ErrRefused}
	}
	return []error{e.answer}
}

// isOfKey reports whether the service did not accept key or secret. One that it
// accepts may still not be for a network, or may not see something.
func (e *refusedError) isOfKey() bool {
	if len(e.codes) == 0 {
		return rest.Status(e.answer) == http.StatusUnauthorized
	}
	return slices.ContainsFunc(e.codes, func(code int) bool {
		return code == codeSignature || code == codeUnknownKey || code == codeExpired || code == codeKeyExpired
	})
}

// saysCode reports whether the service answered with an error of the code.
func saysCode(err error, code int) bool {
	e, ok := errors.AsType[*refusedError](err)
	return ok && slices.Contains(e.codes, code)
}

// words says in words what the service's errors mean.
type words struct{ auth string }

// explain says what an error of a request means, and what to look at. Nothing
// that is secret is in it, although the service repeats the key in a message.
func (w words) explain(err error, secrets []string) error {
	status, ok := errors.AsType[*rest.StatusError](err)
	if !ok {
		return err
	}
	explained := &refusedError{answer: err}
	var texts []string
	refusals := decodeRefusals(status.Body)
	for _, r := range refusals[:min(len(refusals), maxRefusals)] {
		code, _ := strconv.Atoi(r.Code.String())
		explained.codes = append(explained.codes, code)
		text := w.meaning(code)
		if text == "" {
			text = shown(r.Message.String(), secrets)
		}
		texts = append(texts, fmt.Sprintf("error %d: %s", code, text))
	}
	switch {
	case len(texts) > 0:
	case status.Code == http.StatusUnauthorized, status.Code == http.StatusForbidden:
		texts = append(texts, fmt.Sprintf("look at key and secret of auth %q, and at what the key's user may see", w.auth))
	case status.Code == http.StatusNotFound:
		texts = append(texts, "look at the module's url: is it the CloudTrax API's?")
	default:
		return err
	}
	explained.text = strings.Join(texts, ", ")
	return explained
}

// meaning is what a code means; empty for those that have no words here.
func (w words) meaning(code int) string {
	switch code {
	case codeUnknownRequest:
		return "the service does not know this request: look at the module's url"
	case codeInvalidID, codeNoNetworks, codeNoNetwork:
		return "there is no such network: look at the target"
	case codeNotFound:
		return "the service has no such strip any more"
	case codeSignature:
		return fmt.Sprintf("the signature is wrong: look at the secret of auth %q", w.auth)
	case codeNoNonce, codeNoSignature:
		return "the signature did not arrive: something on the way drops headers"
	case codeClock:
		return "the request's time is more than 15 minutes from the service's"
	case codeNonceRepeated:
		return "the request came twice: something on the way repeats requests"
	case codeVersion:
		return "the service does not speak version 1 of its API: look at the module's url"
	case codeExpired, codeKeyExpired:
		return fmt.Sprintf("the key of auth %q has expired: make another", w.auth)
	case codeUnknownKey:
		return fmt.Sprintf("the service does not know the key of auth %q: look at it, and at the module's url", w.auth)
	case codeForeignKey, codeForeignNetwork, codeNotByNetwork:
		return fmt.Sprintf("the key of auth %q is not for this network", w.auth)
	case codePrivileges, codeReadOnly, codeNoComponent, codeNoPermission, codeNoPermissionFor:
		return fmt.Sprintf("the user of the key of auth %q may not see this", w.auth)
	}
	return ""
}

// decodeRefusals reads {"errors":[{"code":13000,"message":"…"}]}. What is
// anything else has none.
func decodeRefusals(body []byte) []refusal {
	var answer struct {
		Errors lenient.List[refusal] `json:"errors"`
	}
	if lenient.Decode(body, &answer) != nil {
		return nil
	}
	return answer.Errors
}

// shown is a message of the service without the secrets of the request, not too
// long, in quotes.
func shown(message string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			message = strings.ReplaceAll(message, secret, "<hidden>")
		}
	}
	if runes := []rune(message); len(runes) > maxMessage {
		message = string(runes[:maxMessage]) + "…"
	}
	return strconv.Quote(message)
}
