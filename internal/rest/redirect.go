package rest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// maxRedirects is how often a request is sent elsewhere.
const maxRedirects = 5

// redirects says which redirects are followed: those that stay on the host,
// which then gets the same credentials as before, and keep the method. The only
// change of the port is from http to https. Go's own rules would follow to any
// host and leave out only the headers it knows as credentials.
func redirects(follow bool) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, before []*http.Request) error {
		last := before[len(before)-1]
		switch {
		case !follow || !sameHost(last.URL, next.URL) || next.Method != last.Method:
			return http.ErrUseLastResponse
		case len(before) > maxRedirects:
			return errors.New("redirected without end: use the address of the device itself")
		case next.URL.User != nil:
			return fmt.Errorf("redirected to %s with a user name in the URL, which is not followed", origin(next.URL))
		}
		// A cross-origin redirect loses these, and https on the same host counts
		// as one.
		for _, name := range []string{"Authorization", "Cookie"} {
			if values, ok := before[0].Header[name]; ok {
				next.Header[name] = values
			}
		}
		return nil
	}
}

// sameHost reports whether a redirect stays where the credentials may go.
// Another port may be another device behind the same address.
func sameHost(from, to *url.URL) bool {
	if from.Scheme == to.Scheme {
		return from.Host == to.Host
	}
	return from.Scheme == "http" && to.Scheme == "https" && from.Hostname() == to.Hostname() &&
		(from.Port() == "" || from.Port() == "80") && (to.Port() == "" || to.Port() == "443")
}
