package config

import (
	"errors"
	"slices"
	"strings"

	promconfig "github.com/prometheus/common/config"
)

// hidden stands for a password in an Auth that was loaded.
const hidden promconfig.Secret = "<secret>"

// maxSecret is the largest secret file that is read, in bytes. Whatever is
// larger is the wrong file.
const maxSecret = 64 << 10

// Auth is one set of credentials and the targets that may receive it. However
// it is printed or marshalled, its password is not shown.
type Auth struct {
	Username string `yaml:"username,omitempty"`
	// Password is the word <secret> once the file was loaded; Credentials
	// knows the real one.
	Password     promconfig.Secret `yaml:"password,omitempty"`
	PasswordFile string            `yaml:"password_file,omitempty"`
	// Targets are the patterns of the ad hoc targets that may receive these
	// credentials. A named target that names an auth has it anyway.
	Targets []string `yaml:"targets,omitempty"`
	// Modules are the only modules through which ad hoc targets may receive
	// these credentials; none for all. It is for a module that encrypts, since
	// whoever asks for the probe chooses the module.
	Modules []string `yaml:"modules,omitempty"`

	// A pointer, since package fmt prints the values of unexported fields but
	// of a pointer only the address.
	password *string
}

// Credentials are the user name and the password, from the file or from
// password_file as it was when the configuration was loaded.
func (a *Auth) Credentials() (username, password string) {
	if a.password == nil {
		return a.Username, string(a.Password)
	}
	return a.Username, *a.password
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

func (a *Auth) check(p *problems, path, name, dir string, f *files) {
	checkName(p, path, "auth", name)
	checkPatterns(p, at(path, "targets"), a.Targets)
	if !singleLine(a.Username) {
		p.add(at(path, "username"), "contains a line break or a NUL: a log-in cannot carry it")
	}
	if !singleLine(string(a.Password)) {
		p.add(at(path, "password"), "contains a line break or a NUL: a log-in cannot carry it")
	}

	a.PasswordFile = promconfig.JoinDir(dir, a.PasswordFile)
	given := a.Password != "" || a.PasswordFile != ""
	switch {
	case a.Password != "" && a.PasswordFile != "":
		p.add(at(path, "password_file"), "password and password_file exclude each other: keep one")
	case a.Username != "" && !given:
		p.missing(path, []string{"password", "password_file"}, "username without password or password_file: add one of them")
	case a.Username == "" && given:
		p.missing(path, []string{"username"}, "password without username: add username")
	case !given:
		p.missing(path, []string{"username", "password", "password_file"}, "no credentials: add username and password_file, or password")
	}
	a.hide(p, path, f)
}

// hide moves the password to where nothing shows it.
func (a *Auth) hide(p *problems, path string, f *files) {
	secret := string(a.Password)
	if a.Password != "" {
		a.Password = hidden
	} else if a.PasswordFile != "" {
		var err error
		if secret, err = readSecret(f, a.PasswordFile); err != nil {
			p.add(at(path, "password_file"), "reading %s: %v", oneLine(a.PasswordFile), err)
		}
	}
	a.password = &secret
}

// readSecret is the one line of a secret file. Its errors do not name the file.
func readSecret(f *files, path string) (string, error) {
	data, err := f.read(path, maxSecret)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if secret == "" {
		return "", errors.New("the file is empty: write the secret into it")
	}
	if !singleLine(secret) {
		return "", errors.New("the file has more than one line or a NUL: it must hold the secret alone")
	}
	return secret, nil
}

// singleLine reports whether s can be part of a line of a protocol.
func singleLine(s string) bool {
	return !strings.ContainsAny(s, "\r\n\x00")
}
