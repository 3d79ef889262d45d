package collector

import "errors"

// ErrRefused is wrapped by the error of a reading for which the device or
// service refused the credentials themselves: a wrong user name, password, token
// or key, or an account that may not log in. That a user lacks the permission for
// some of what is read is not it.
var ErrRefused = errors.New("the credentials were refused")
