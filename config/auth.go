package config

import (
	"slices"
	"strings"

	promconfig "github.com/prometheus/common/config"
)

// Auth is one set of credentials of one kind, and the targets that may receive
// it. However it is printed or marshalled, its secret is not shown: the field
// holds the word <secret> once the file was loaded.
type Auth struct {
	Username     string            `yaml:"username,omitempty"`
	Password     promconfig.Secret `yaml:"password,omitempty"`
	PasswordFile string            `yaml:"password_file,omitempty"`
	// Basic sends user name and password with each request, instead of logging
	// in with them.
	Basic bool `yaml:"basic,omitempty"`

	// Token is a personal access token.
	Token     promconfig.Secret `yaml:"token,omitempty"`
	TokenFile string            `yaml:"token_file,omitempty"`

	// Key names the Secret with which requests are signed.
	Key        string            `yaml:"key,omitempty"`
	Secret     promconfig.Secret `yaml:"secret,omitempty"`
	SecretFile string            `yaml:"secret_file,omitempty"`

	APIKey     promconfig.Secret `yaml:"api_key,omitempty"`
	APIKeyFile string            `yaml:"api_key_file,omitempty"`

	// Targets are the patterns of the ad hoc targets that may receive these
	// credentials. A named target that names an auth has it anyway.
	Targets []string `yaml:"targets,omitempty"`
	// Modules are the only modules through which ad hoc targets may receive
	// these credentials; none for all. It is for a module that encrypts, since
	// whoever asks for the probe chooses the module.
	Modules []string `yaml:"modules,omitempty"`

	// A pointer, since package fmt prints the values of unexported fields but
	// of a pointer only the address.
	secret *string
}

// AuthKind is a kind of credentials.
type AuthKind string

// The kinds of credentials. No kind is none.
const (
	PasswordAuth  AuthKind = "username and password"
	TokenAuth     AuthKind = "token"
	SignatureAuth AuthKind = "key and secret"
	APIKeyAuth    AuthKind = "api_key"
)

// Kind is the kind of the credentials.
func (a *Auth) Kind() AuthKind {
	switch {
	case a.Token != "" || a.TokenFile != "":
		return TokenAuth
	case a.Key != "" || a.Secret != "" || a.SecretFile != "":
		return SignatureAuth
	case a.APIKey != "" || a.APIKeyFile != "":
		return APIKeyAuth
	case a.Username != "" || a.Password != "" || a.PasswordFile != "":
		return PasswordAuth
	}
	return ""
}

// Credentials are who asks, and the secret that proves it, from the file or
// from its _file twin as it was when the configuration was loaded: user name
// and password, key and secret, or "" and a token or API key.
func (a *Auth) Credentials() (name, secret string) {
	if a.Kind() == SignatureAuth {
		name = a.Key
	} else {
		name = a.Username
	}
	for _, f := range a.fields() {
		if a.secret == nil && *f.inline != "" {
			return name, string(*f.inline)
		}
	}
	if a.secret == nil {
		return name, ""
	}
	return name, *a.secret
}

// AllowsModule reports whether an ad hoc target may receive the credentials
// through the module of that name.
func (a *Auth) AllowsModule(name string) bool {
	return len(a.Modules) == 0 || slices.Contains(a.Modules, name)
}

// checkModules adds the modules that there are not.
func (a *Auth) checkModules(p *problems, path string, known map[string]Module) {
	for i, name := range a.Modules {
		if _, ok := known[name]; !ok {
			p.add(item(at(path, "modules"), i), "unknown module %s: %s", quote(name), knownOnes("modules", names(known)))
		}
	}
}

// Allows reports whether an ad hoc target at addr may receive the credentials.
func (a *Auth) Allows(addr Address) bool {
	return anyMatches(a.Targets, addr)
}

// fields are all secrets that an auth may have, of which it has one.
func (a *Auth) fields() []secretField {
	return []secretField{
		{"password", &a.Password, &a.PasswordFile, "username", &a.Username},
		{"token", &a.Token, &a.TokenFile, "", nil},
		{"secret", &a.Secret, &a.SecretFile, "key", &a.Key},
		{"api_key", &a.APIKey, &a.APIKeyFile, "", nil},
	}
}

func (a *Auth) check(p *problems, path, name, dir string, f *files) {
	checkName(p, path, "auth", name)
	checkPatterns(p, at(path, "targets"), a.Targets)
	var found []string
	for _, field := range a.fields() {
		*field.file = promconfig.JoinDir(dir, *field.file)
		if field.given() {
			found = append(found, field.key)
			field.check(p, path)
			secret := field.hide(p, path, f)
			a.secret = &secret
		}
	}
	switch {
	case len(found) == 0:
		var empty string
		a.secret = &empty
		var keys []string
		for _, field := range a.fields() {
			keys = append(keys, field.key, field.key+"_file", field.withKey)
		}
		p.missing(path, keys, "no credentials: add username and password_file, or token_file, or key and secret_file, or api_key_file")
	case len(found) > 1:
		p.add(path, "%s exclude each other: keep one kind of credentials", strings.Join(found, " and "))
	case a.Basic && found[0] != "password":
		p.add(at(path, "basic"), "only username and password are sent so: remove basic")
	}
}
