package synlink

import (
	"errors"
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
)

// TestWhatCountsAsRefused shows that credentials which are accepted nowhere are
// refused, in a reading that waits because of it too, and that a missing permission
// is something else.
func TestWhatCountsAsRefused(t *testing.T) {
	t.Parallel()
	user := synlinksim.User{Name: "reader", Password: "s3cret", Tokens: []string{"tok3n"}}
	for permission := range permissions {
		if permission != "viewOutlets" {
			user.Permissions = append(user.Permissions, permission)
		}
	}
	for _, tt := range []struct {
		name   string
		access Access
		want   bool
	}{
		{"token", Access{Token: "another"}, true},
		{"basic", Access{Username: "reader", Password: "another", Basic: true}, true},
		{"session", Access{Username: "reader", Password: "another"}, true},
		{"token without a permission", Access{Token: "tok3n"}, false},
		{"basic without a permission", Access{Username: "reader", Password: "s3cret", Basic: true}, false},
		{"session without a permission", Access{Username: "reader", Password: "s3cret"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, base := play(t, synlinksim.Options{Users: []synlinksim.User{user}, BasicAuth: true, Denied: http.StatusUnauthorized}, "rack36")
			o := options(base)
			o.Access = tt.access
			c := open(t, o)
			for range 2 {
				if _, err := collect(t, c); err == nil || errors.Is(err, collector.ErrRefused) != tt.want {
					t.Errorf("want refused %t: %v", tt.want, err)
				}
			}
		})
	}
}
