package powersentrix

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/lenient"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// logIn gets a token, and how long it lasts; 0 if it does not say, as the
// document does not either.
func (p *portal) logIn(ctx context.Context) (token string, life time.Duration, err error) {
	request := p.logInRequest()
	request.Read = func(body []byte) (err error) {
		token, err = p.tokenOf(body)
		return err
	}
	answer, err := p.client.Post(ctx, request)
	switch rest.Status(err) {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		// The body that is sent is well-formed, so it is the credentials.
		err = p.refusal(err, messageOf(answer.Body))
	default:
		err = p.explain(err, elsewhere)
	}
	if err != nil {
		return "", 0, &session.LogInError{Err: err}
	}
	return token, session.TokenLife(token, 0), nil
}

// logInRequest is that for a token.
func (p *portal) logInRequest() rest.Request {
	return rest.Request{
		Path: p.base + "/user/authenticate",
		Body: map[string]string{"email": p.username, "password": p.password},
	}
}

// Why the portal refuses a log-in: section 6 of the document.
const (
	wrongPassword = "invalidEmailOrPassword"
	noWebLogIn    = "disabledLoginFromWeb"
)

// refusal is the error of a log-in that failed for the account: what came back,
// and what to look at. Of messages only the documented ones are shown: others
// may repeat what was sent.
func (p *portal) refusal(err error, message string) error {
	err = fmt.Errorf("%w: %w", err, collector.ErrRefused)
	switch message {
	case noWebLogIn:
		return fmt.Errorf("%w: the portal says %s: let the account of auth %q log in from the web", err, message, p.auth)
	case wrongPassword:
		err = fmt.Errorf("%w: the portal says %s", err, message)
	}
	return fmt.Errorf("%w: look at user name (the e-mail address) and password of auth %q", err, p.auth)
}

// logInReply is the answer to a log-in, and to one that is refused.
type logInReply struct {
	Token           lenient.Text `json:"token"`
	Message         lenient.Text `json:"message"`
	ResponseMessage lenient.Text `json:"responseMessage"`
	// ResponseObject is how the portal wraps most of its other answers.
	ResponseObject struct {
		Token lenient.Text `json:"token"`
	} `json:"responseObject"`
}

// messageOf is the word with which the portal refuses; empty for none.
func messageOf(body []byte) string {
	var reply logInReply
	// What is no such reply has no message.
	_ = lenient.Decode(body, &reply)
	return cmp.Or(reply.Message.String(), reply.ResponseMessage.String())
}

// tokenOf reads the answer to a log-in. No error shows any of it but a
// documented word.
func (p *portal) tokenOf(body []byte) (string, error) {
	var reply logInReply
	err := lenient.Decode(body, &reply)
	token := cmp.Or(reply.Token.String(), reply.ResponseObject.Token.String())
	switch message := messageOf(body); {
	case session.IsToken(token):
		return token, nil
	case token != "":
		return "", errors.New("the token has characters that no token has")
	case message == wrongPassword || message == noWebLogIn:
		return "", p.refusal(errors.New("the answer has no token"), message)
	case err != nil:
		return "", err
	}
	return "", errors.New("the answer has no token: is this the PowerSentrix portal?")
}
