package simtest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Handler is a simulated device as the handler of a web server.
type Handler interface {
	http.Handler
	Close() error
}

// CloseMeanwhile closes a device that is asked for a path and would answer much
// later, and tells if it answers all the same, then or afterwards. Waiting
// returns when the device has the request.
func CloseMeanwhile(tb TB, device Handler, path string, waiting func()) {
	tb.Helper()
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listening: %v", err)
	}
	web := &http.Server{Handler: device, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- web.Serve(l) }()
	answered := func() bool {
		a, err := Do(tb, http.MethodGet, "http://"+l.Addr().String()+path, "")
		return err == nil && a.Err == nil
	}
	meanwhile := make(chan bool, 1)
	go func() { meanwhile <- answered() }()
	waiting()
	if err := device.Close(); err != nil {
		tb.Errorf("closing: %v", err)
	}
	if <-meanwhile {
		tb.Errorf("answered in spite of Close")
	}
	if answered() {
		tb.Errorf("answered after Close")
	}
	if err := web.Close(); err != nil {
		tb.Errorf("closing the web server: %v", err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		tb.Errorf("serving: %v", err)
	}
	if err := device.Close(); err != nil {
		tb.Errorf("closing again: %v", err)
	}
}
