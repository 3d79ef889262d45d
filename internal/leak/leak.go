// Package leak tells whether work that a test does many times leaves goroutines
// or descriptors behind.
package leak

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Load is the work, and what is around it.
type Load struct {
	// Warm does the work in each of its ways once, so that whatever is made only
	// once is there before anything is counted.
	Warm func()
	// Before, unless nil, is called before each piece of work is begun, in order
	// and once at a time.
	Before func(n int)
	// Work does the piece of work with a number from 0 on. Several are done at a
	// time.
	Work func(n int)
	// Times is how many pieces of work are done after Warm, and AtOnce how many of
	// them at a time. Both are at least 1.
	Times, AtOnce int
	// Close, unless nil, closes what is kept from one piece of work to the next. It
	// is called after Warm and after the work, before anything is counted.
	Close func()
	// Idle, unless nil, is whether the servers have noticed that their clients are
	// gone. Nothing is counted before they have.
	Idle func() bool
	// Patience is how long it may take until they have, and until what was under
	// way is over. 0 is 5 seconds.
	Patience time.Duration
}

// None fails the test if the load leaves anything behind. The test must not be
// parallel to others, whose goroutines and descriptors would be found too.
func None(tb testing.TB, l Load) {
	tb.Helper()
	if err := l.Run(); err != nil {
		tb.Error(err)
	}
}

// Run does the work. Its error says which goroutines are there afterwards that
// were not there before, and how many descriptors more, or why nothing could be
// told.
func (l Load) Run() error {
	if l.Times < 1 || l.AtOnce < 1 {
		return fmt.Errorf("a load of %d pieces of work, %d at once, shows nothing: set Times and AtOnce", l.Times, l.AtOnce)
	}
	l.Warm()
	l.clean()
	var open int
	err := l.settle(func() (err error) {
		open, err = descriptors()
		return err
	})
	if err != nil {
		return fmt.Errorf("counting before the work: %w", err)
	}
	known := goleak.IgnoreCurrent()
	l.work()
	l.clean()
	err = l.settle(func() error { return errors.Join(moreOpen(open), strangers(known)) })
	if err != nil {
		return fmt.Errorf("after %d pieces of work: %w", l.Times, err)
	}
	return nil
}

// work does the pieces of work.
func (l Load) work() {
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range l.AtOnce {
		workers.Go(func() {
			for n := range numbers {
				l.Work(n)
			}
		})
	}
	for n := range l.Times {
		if l.Before != nil {
			l.Before(n)
		}
		numbers <- n
	}
	close(numbers)
	workers.Wait()
}

// clean closes what was kept.
func (l Load) clean() {
	if l.Close != nil {
		l.Close()
	}
}

// settle looks until the servers are idle and nothing is wrong, or until patience
// is over. It returns what was wrong last.
func (l Load) settle(wrong func() error) error {
	patience := l.Patience
	if patience == 0 {
		patience = 5 * time.Second
	}
	end := time.Now().Add(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		<-tick.C
		err := errBusy
		if l.Idle == nil || l.Idle() {
			err = wrong()
		}
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

// errBusy is what is wrong while the servers are not idle.
var errBusy = errors.New("the servers still have requests under way")

// descriptors counts the process's open files and sockets.
func descriptors() (int, error) {
	open, err := os.ReadDir("/dev/fd") // one of them is of this reading itself, each time
	if err != nil {
		return 0, fmt.Errorf("counting open descriptors: %w", err)
	}
	return len(open), nil
}

// moreOpen is an error if more descriptors are open than before.
func moreOpen(before int) error {
	now, err := descriptors()
	if err == nil && now > before {
		err = fmt.Errorf("%d descriptors more than before", now-before)
	}
	return err
}

// strangers is an error if there are goroutines that are not known, with the
// stacks of the first of them.
func strangers(known goleak.Option) error {
	if err := goleak.Find(known); err != nil {
		return fmt.Errorf("%.4000s", err.Error())
	}
	return nil
}
