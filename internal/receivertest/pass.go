package receivertest

import "time"

// Pass lets time go by in a bubble of [testing/synctest].
func Pass(d time.Duration) { <-time.After(d) }
