package session

// LogInError is a log-in that failed, after which nothing else can be asked.
type LogInError struct{ Err error }

// Error says what failed.
func (e *LogInError) Error() string { return "logging in: " + e.Err.Error() }

// Unwrap is why.
func (e *LogInError) Unwrap() error { return e.Err }
