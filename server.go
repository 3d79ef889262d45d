package main

import (
	"log/slog"
	"net/http"
	"time"
)

const (
	// headTime is how long the head of a request may take, and bodyTime all of it.
	headTime = 10 * time.Second
	bodyTime = time.Minute
	// answerTime is how long an answer may take. It is longer than any probe may: it
	// ends connections whose other end does not read, and would keep its answer in
	// memory for ever.
	answerTime = 15 * time.Minute
	// idleTime is how long a connection is kept for the next request.
	idleTime = 5 * time.Minute
)

// newServer is a server of the pages.
func newServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headTime,
		ReadTimeout:       bodyTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}
