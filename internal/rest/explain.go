package rest

import (
	"context"
	"io"
	"net/http"
)

// Explain is the error of a request that was made with [Client.HTTP], in the
// words of [Client.Get] and as free of secrets: a [*StatusError] where there is
// an answer, whose body is read, or else what err says.
func Explain(ctx context.Context, answer *http.Response, err error) error {
	if answer == nil {
		return plain(ctx, err)
	}
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxRefusal)) // the status says enough
	return statusError(answer, body)
}
