package receiver

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Key says which device a push is about. Two senders may use the same device
// id without disturbing each other.
type Key struct {
	Kind   string // the receiver, such as "synlink"
	Sender string // the configured name of the company or token
	Device string // the device's id in the pushes of that sender: cmm, serial number
}

// maxKey is the longest part of a key in bytes.
const maxKey = 128

// separator stands between the parts of a key on disk.
const separator = "\x00"

// check refuses what cannot be the value of a label.
func (k Key) check() error {
	for _, part := range []struct{ name, text string }{{"kind", k.Kind}, {"sender", k.Sender}, {"device id", k.Device}} {
		switch {
		case part.text == "":
			return fmt.Errorf("%w: the %s is empty", ErrMalformed, part.name)
		case len(part.text) > maxKey:
			return fmt.Errorf("%w: the %s has %d bytes, more than %d", ErrMalformed, part.name, len(part.text), maxKey)
		case !utf8.ValidString(part.text) || strings.ContainsFunc(part.text, unicode.IsControl):
			return fmt.Errorf("%w: the %s is no text in UTF-8", ErrMalformed, part.name)
		}
	}
	return nil
}

// bytes is the key on disk.
func (k Key) bytes() []byte {
	return []byte(k.Kind + separator + k.Sender + separator + k.Device)
}

// parseKey reads a key from disk.
func parseKey(data []byte) (Key, error) {
	parts := strings.Split(string(data), separator)
	if len(parts) != 3 {
		return Key{}, fmt.Errorf("a key has %d parts instead of 3", len(parts))
	}
	k := Key{Kind: strings.Clone(parts[0]), Sender: strings.Clone(parts[1]), Device: strings.Clone(parts[2])}
	return k, k.check()
}
