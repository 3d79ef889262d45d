package cloudtraxsim

import (
	"sync"
	"time"
)

// nonceLife is how long a nonce may not come again. (The vendor's documents say
// that it varies from 15 to 30 minutes.)
const nonceLife = 30 * time.Minute

// nonces are those of requests that were signed rightly.
type nonces struct {
	mu    sync.Mutex
	known map[string]struct{}
	order []nonce // the oldest first
}

// nonce is one, and when it came.
type nonce struct {
	text string
	came time.Time
}

// take remembers a nonce, unless it came before.
func (n *nonces) take(text string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	forget := 0
	for forget < len(n.order) && now.Sub(n.order[forget].came) >= nonceLife {
		delete(n.known, n.order[forget].text)
		forget++
	}
	n.order = n.order[forget:]
	if _, ok := n.known[text]; ok {
		return false
	}
	if n.known == nil {
		n.known = map[string]struct{}{}
	}
	n.known[text] = struct{}{}
	n.order = append(n.order, nonce{text, now})
	return true
}
