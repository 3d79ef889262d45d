package synlinksim

import "testing"

// Only the very name with its very password begins a session.
func FuzzLogIn(f *testing.F) {
	for _, pair := range [][2]string{{"a", "b"}, {"a", ""}, {"", ""}, {"A", "b"}, {"a", "b "}, {"b", "a"}, {"a\x00", "b"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, name, password string) {
		s := newSessions(Options{Users: []User{{Name: "a", Password: "b"}}}.withDefaults(), newCounts())
		user, token, verdict := s.logIn(name, password)
		right := name == "a" && password == "b"
		if (user != nil) != right || (token != "") != right || (verdict == accepted) != right {
			t.Errorf("%v, %q, %v of %q, %q", user, token, verdict, name, password)
		}
	})
}
