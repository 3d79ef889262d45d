package config

import (
	"errors"
	"strings"

	promconfig "github.com/prometheus/common/config"
)

// hidden stands for a secret in a configuration that was loaded.
const hidden promconfig.Secret = "<secret>"

// maxSecret is the largest secret file that is read, in bytes. Whatever is
// larger is the wrong file.
const maxSecret = 64 << 10

// secretField is a secret and its _file twin.
type secretField struct {
	key    string
	inline *promconfig.Secret
	file   *string
	// with is the key that goes with the secret, and its value; nil for none.
	withKey string
	with    *string
}

// given reports whether anything of the field is there.
func (f secretField) given() bool {
	return *f.inline != "" || *f.file != "" || f.with != nil && *f.with != ""
}

// check adds what is wrong with a secret that is given, and with what goes with
// it.
func (f secretField) check(p *problems, path string) {
	file := f.key + "_file"
	given := *f.inline != "" || *f.file != ""
	if f.with != nil && !singleLine(*f.with) {
		p.add(at(path, f.withKey), "contains a line break or a NUL: a log-in cannot carry it")
	}
	if !singleLine(string(*f.inline)) {
		p.add(at(path, f.key), "contains a line break or a NUL: a log-in cannot carry it")
	}
	switch {
	case *f.inline != "" && *f.file != "":
		p.add(at(path, file), "%s and %s exclude each other: keep one", f.key, file)
	case f.with != nil && *f.with == "":
		p.missing(path, []string{f.withKey}, "%s without %s: add %s", f.key, f.withKey, f.withKey)
	case !given:
		p.missing(path, []string{f.key, file}, "%s without %s or %s: add one of them", f.withKey, f.key, file)
	}
}

// hide returns the secret, and leaves a word in its place.
func (f secretField) hide(p *problems, path string, read *files) string {
	secret := string(*f.inline)
	if secret != "" {
		*f.inline, read.inline = hidden, true
	} else if *f.file != "" {
		var err error
		if secret, err = readSecret(read, *f.file); err != nil {
			p.add(at(path, f.key+"_file"), "reading %s: %v", oneLine(*f.file), err)
		}
	}
	return secret
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
