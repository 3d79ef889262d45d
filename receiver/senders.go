package receiver

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Senders are those who may push, with what each of them proves itself by: a
// company id or a token. It is never changed.
type Senders struct {
	names   []string
	digests [][sha256.Size]byte
}

// NewSenders takes the secret of each sender by the sender's name. Its errors
// name the sender and never the secret.
func NewSenders(secrets map[string]string) (*Senders, error) {
	s := &Senders{}
	owners := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		secret := secrets[name]
		if name == "" {
			return nil, errors.New("a sender has no name")
		}
		if secret == "" {
			return nil, fmt.Errorf("sender %q has no secret", name)
		}
		if owner, taken := owners[secret]; taken {
			return nil, fmt.Errorf("senders %q and %q have the same secret", owner, name)
		}
		owners[secret] = name
		s.names = append(s.names, name)
		s.digests = append(s.digests, sha256.Sum256([]byte(secret)))
	}
	return s, nil
}

// Lookup is the name of the sender with that secret. How long it takes depends
// on how many senders there are, and not on how much of a secret is right.
func (s *Senders) Lookup(secret string) (name string, ok bool) {
	given := sha256.Sum256([]byte(secret))
	found := len(s.names)
	for i := range s.digests {
		found = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(given[:], s.digests[i][:]), i, found)
	}
	if found == len(s.names) {
		return "", false
	}
	return s.names[found], true
}

// What a secret has to have so that nobody finds it by trying: of 20 random
// digits, 10,000 tries a second find the right ones within a thousand years with
// a chance of one in 300,000.
const (
	longSecret    = 20 // bytes
	variousSecret = 8  // different ones among them
)

// unguessable reports whether a secret is so long that nobody finds it by
// trying.
func unguessable(secret string) bool {
	var seen [256]bool
	different := 0
	for i := range len(secret) {
		if !seen[secret[i]] {
			seen[secret[i]] = true
			different++
		}
	}
	return len(secret) >= longSecret && different >= variousSecret
}
