package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// address is where Prometheus and browsers reach the exporter.
type address struct {
	scheme string // http or https
	host   string // with a port where it has one, and brackets around an IPv6 address
	prefix string // of all paths, without a slash at its end; mostly ""
}

// externalAddress reads --web.external-url; nil if it is empty.
func externalAddress(text string) (*address, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the external URL cannot be read: %w", err)
	case u.User != nil: // not to be repeated
		return nil, fmt.Errorf("the external URL of %s has a user name: leave it out", u.Host)
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.RawQuery != "", u.Fragment != "":
		return nil, fmt.Errorf("the external URL is %q: it must be like https://power.example.net/exporter, with nothing behind the path", text)
	}
	return &address{u.Scheme, u.Host, strings.TrimRight(u.Path, "/")}, nil
}

// addressOf is where the exporter is reached by whoever made the request: under
// the host that was asked, or the external one if there is one.
func addressOf(r *http.Request, external *address) (address, error) {
	if external != nil {
		return *external, nil
	}
	u, err := url.Parse("//" + r.Host)
	if err != nil || u.Host != r.Host || u.Hostname() == "" {
		return address{}, fmt.Errorf("the request is for host %q, which is no address to hand out: ask under another, or start the exporter with --web.external-url", r.Host)
	}
	if r.TLS != nil {
		return address{scheme: "https", host: r.Host}, nil
	}
	return address{scheme: "http", host: r.Host}, nil
}
