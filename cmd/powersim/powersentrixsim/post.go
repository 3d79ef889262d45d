package powersentrixsim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
)

// What a UPS sends.
const (
	setNewUPS  = "setNewUps"
	setUPSData = "setUpsData"
	setUPSLog  = "setUpsLog"
)

// maxAnswer is how much of an answer is read.
const maxAnswer = 64 << 10

// errNotOK is an answer with status 200 that acknowledges nothing.
var errNotOK = errors.New(`the answer does not say {"responseMessage":"OK"}`)

// statusError is an answer with another status than 200.
type statusError int

// Error names the status.
func (e statusError) Error() string {
	return fmt.Sprintf("the server answered %d %s", int(e), http.StatusText(int(e)))
}

// failure is the kind of an error of post: the status, "not OK" for another
// answer with 200, "timeout", or "connection".
func failure(err error) string {
	if status, ok := errors.AsType[statusError](err); ok {
		return strconv.Itoa(int(status))
	}
	if errors.Is(err, errNotOK) {
		return "not OK"
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return "timeout"
	}
	return "connection"
}

// address is the URL of what is sent, with the credential in its query.
func (o *PushOptions) address(what, cmm string) string {
	query := url.Values{"companyId": {o.CompanyID}, "cmm": {cmm}}
	if what == setNewUPS && o.Description != "" {
		query.Set("upsDescription", o.Description)
	}
	return o.Server + o.BasePath + "/" + what + "?" + query.Encode()
}

// post sends a body and returns without an error when it was acknowledged. The
// error has no secret.
func (o *PushOptions) post(ctx context.Context, address string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("the server's URL is none")
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := o.Client.Do(r)
	if where, ok := errors.AsType[*url.Error](err); ok {
		err = where.Err // without the URL, which has the companyId
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return statusError(resp.StatusCode)
	}
	var answer struct{ ResponseMessage string }
	if json.Unmarshal(text, &answer) != nil || answer.ResponseMessage != "OK" {
		return errNotOK
	}
	return nil
}
