package config

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// defaultPorts are the ports that go with the schemes of HTTP.
var defaultPorts = map[string]string{"http": "80", "https": "443"}

// httpAddress reads http(s)://host[:port], or host[:port], which is http.
func httpAddress(s string) (Address, error) {
	scheme, rest, isURL := strings.Cut(s, "://")
	if !isURL {
		scheme, rest = "http", s
	}
	scheme = strings.ToLower(scheme)
	defaultPort, known := defaultPorts[scheme]
	if !known {
		return Address{}, fmt.Errorf("%s is not http://host, https://host or host: the scheme must be http or https", quote(s))
	}
	a, err := parseHostPort(strings.TrimSuffix(rest, "/"))
	if err != nil {
		return Address{}, fmt.Errorf("%s is not http://host, https://host or host, with or without :port: %w", quote(s), err)
	}
	if a.Port == "" {
		a.Port = defaultPort
	}
	a.Scheme = scheme
	return a, nil
}

// networkAddress reads the number of a network at a service.
func networkAddress(s string) (Address, error) {
	if s == "" || len(s) > 20 || strings.Trim(s, digits) != "" {
		return Address{}, fmt.Errorf("%s is not the number of a network, such as 12345", quote(s))
	}
	return Address{Host: s}, nil
}

// checkProxy adds what is wrong with proxy_url. A proxy that wants a password
// would have it in the URL, which is shown in many places.
func (m *Module) checkProxy(p *problems, path string) {
	where := at(path, "proxy_url")
	if m.ProxyURL == "" {
		return
	}
	u, err := url.Parse(m.ProxyURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "socks5":
		p.reject(where, "must be http://host:port or socks5://host:port")
	case u.User != nil:
		p.reject(where, "a user name or password in it is not supported: use a proxy that asks for none")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		p.reject(where, "leave out what follows the host and port")
	}
}

// Proxy is how to find the proxy for a request; nil if there is none.
func (m *Module) Proxy() func(*http.Request) (*url.URL, error) {
	if m.ProxyURL == "" {
		return nil
	}
	u, err := url.Parse(m.ProxyURL)
	if err != nil {
		return func(*http.Request) (*url.URL, error) { return nil, errors.New("proxy_url is no URL") }
	}
	return http.ProxyURL(u)
}

// checkNoHTTP adds the options of HTTP that a collector of another protocol has
// no use for.
func checkNoHTTP(p *problems, module string, m *Module) {
	for _, option := range []struct {
		key string
		set bool
	}{{"proxy_url", m.ProxyURL != ""}, {"follow_redirects", m.FollowRedirects}} {
		if option.set {
			p.add(at(module, option.key), "this collector does not speak HTTP: remove %s", option.key)
		}
	}
}
