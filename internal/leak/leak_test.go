package leak

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stock is what work leaves behind, until it is cleared.
type stock struct {
	mu    sync.Mutex
	gone  chan struct{}
	files []*os.File
}

// goroutine leaves a goroutine behind.
func (s *stock) goroutine() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone == nil {
		s.gone = make(chan struct{})
	}
	go func(gone chan struct{}) { <-gone }(s.gone)
}

// descriptor leaves an open file behind.
func (s *stock) descriptor(tb testing.TB) {
	tb.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		tb.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = append(s.files, f)
}

// clear ends and closes what was left behind so far.
func (s *stock) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone != nil {
		close(s.gone)
	}
	for _, f := range s.files {
		_ = f.Close()
	}
	s.gone, s.files = nil, nil
}

// nothing is work that leaves nothing behind.
func nothing(int) {}

// none is nothing to warm up.
func none() {}

// TestRun tells work that leaves something behind, be it after one piece of ten,
// from work that leaves nothing.
func TestRun(t *testing.T) {
	const (
		goroutine   = "found unexpected goroutines:"
		descriptors = "after 20 pieces of work: 2 descriptors more than before"
	)
	for _, tt := range []struct {
		name string
		// load is one that uses s, and leaves both in it by leave.
		load func(s *stock, leave func()) Load
		want []string
	}{
		{"nothing is left", func(*stock, func()) Load {
			return Load{Warm: none, Work: nothing}
		}, nil},
		{"goroutines are left", func(s *stock, _ func()) Load {
			return Load{Warm: s.goroutine, Work: tenth(s.goroutine)}
		}, []string{"after 20 pieces of work: " + goroutine, "(*stock).goroutine"}},
		{"descriptors are left", func(s *stock, _ func()) Load {
			open := func() { s.descriptor(t) }
			return Load{Warm: open, Work: tenth(open)}
		}, []string{descriptors}},
		{"both are left", func(_ *stock, leave func()) Load {
			return Load{Warm: leave, Work: tenth(leave)}
		}, []string{descriptors + "\n" + goroutine, "(*stock).goroutine"}},
		{"what is made once is kept", func(_ *stock, leave func()) Load {
			once := sync.OnceFunc(leave)
			return Load{Warm: once, Work: func(int) { once() }}
		}, nil},
		{"what is kept is closed", func(s *stock, leave func()) Load {
			return Load{Warm: leave, Work: func(int) { leave() }, Close: s.clear}
		}, nil},
		{"what warming up kept hides nothing", func(s *stock, leave func()) Load {
			return Load{Warm: leave, Work: tenth(leave), Close: sync.OnceFunc(s.clear)}
		}, []string{descriptors + "\n" + goroutine}},
		{"what warming up left for a while hides no goroutine", func(s *stock, _ func()) Load {
			return Load{Warm: func() { lasting(time.Second)(0) }, Work: tenth(s.goroutine)}
		}, []string{goroutine}},
		{"servers that are idle late hide no descriptor", func(s *stock, leave func()) Load {
			looks := 0
			return Load{Warm: leave, Work: tenth(leave), Idle: func() bool {
				if looks++; looks == 5 {
					s.clear()
				}
				return looks >= 5
			}}
		}, []string{descriptors}},
		{"what ends soon is waited for", func(*stock, func()) Load {
			return Load{Warm: none, Work: lasting(4 * time.Second)}
		}, nil},
		{"what ends late is left", func(*stock, func()) Load {
			return Load{Warm: none, Work: lasting(7 * time.Second)}
		}, []string{goroutine}},
		{"what ends late is waited for with patience", func(*stock, func()) Load {
			return Load{Warm: none, Work: lasting(7 * time.Second), Patience: 10 * time.Second}
		}, nil},
		{"the servers are never idle", func(*stock, func()) Load {
			return Load{Warm: none, Work: nothing, Idle: func() bool { return false }}
		}, []string{"counting before the work: the servers still have requests under way"}},
		{"the servers are never idle after the work", func(*stock, func()) Load {
			idle := true
			return Load{Warm: none, Before: func(int) { idle = false }, Work: nothing, Idle: func() bool { return idle }}
		}, []string{"after 20 pieces of work: the servers still have requests under way"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var s stock
				defer s.clear()
				l := tt.load(&s, func() {
					s.goroutine()
					s.descriptor(t)
				})
				l.Times, l.AtOnce = 20, 4
				got := text(l.Run())
				if (got == "") != (tt.want == nil) {
					t.Errorf("%q, want %q", got, tt.want)
				}
				for _, want := range tt.want {
					if !strings.Contains(got, want) {
						t.Errorf("%q does not say %q", got, want)
					}
				}
				<-time.After(time.Minute) // what lasts ends in time
			})
		})
	}
}

// TestMuch says of many goroutines only what can be read.
func TestMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s stock
		defer s.clear()
		got := text(Load{Warm: none, Work: func(int) { s.goroutine() }, Times: 200, AtOnce: 10}.Run())
		if !strings.Contains(got, "(*stock).goroutine") || len(got) > 5000 {
			t.Errorf("%d bytes: %.300s", len(got), got)
		}
	})
}

// tenth does something in each tenth piece of work.
func tenth(do func()) func(int) {
	return func(n int) {
		if n%10 == 0 {
			do()
		}
	}
}

// lasting is work that leaves a goroutine behind for a while.
func lasting(d time.Duration) func(int) {
	return func(int) {
		go func() { <-time.After(d) }()
	}
}

// text is the error's text, or nothing.
func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestWork is done in full, as many at once as asked for, and after Before.
func TestWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const times, atOnce = 100, 7
		var (
			mu                sync.Mutex
			before, done      []int
			under, underAtMax int
		)
		None(t, Load{
			Warm: none,
			Before: func(n int) {
				mu.Lock()
				defer mu.Unlock()
				before = append(before, n)
			},
			Work: func(n int) {
				mu.Lock()
				if len(before) <= n {
					t.Errorf("%d was begun before its Before", n)
				}
				under++
				underAtMax = max(underAtMax, under)
				mu.Unlock()
				<-time.After(time.Second)
				mu.Lock()
				defer mu.Unlock()
				under--
				done = append(done, n)
			},
			Times: times, AtOnce: atOnce,
		})
		want := make([]int, times)
		for n := range want {
			want[n] = n
		}
		if !slices.Equal(before, want) {
			t.Errorf("Before was called with %d", before)
		}
		slices.Sort(done)
		if !slices.Equal(done, want) {
			t.Errorf("work was done with %d", done)
		}
		if underAtMax != atOnce {
			t.Errorf("%d at once, want %d", underAtMax, atOnce)
		}
	})
}

// TestNoLoad refuses loads that would show nothing.
func TestNoLoad(t *testing.T) {
	for _, l := range []Load{{Times: 0, AtOnce: 1}, {Times: 1, AtOnce: 0}, {Times: -1, AtOnce: 1}} {
		l.Warm, l.Work = none, nothing
		want := fmt.Sprintf("a load of %d pieces of work, %d at once, shows nothing: set Times and AtOnce", l.Times, l.AtOnce)
		if got := text(l.Run()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// hearer is a test that only hears what is wrong with it.
type hearer struct {
	testing.TB

	heard []string
}

func (*hearer) Helper() {}

func (h *hearer) Error(args ...any) { h.heard = append(h.heard, fmt.Sprint(args...)) }

// TestNone fails the test that leaves something behind, and no other.
func TestNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s stock
		t.Cleanup(s.clear)
		var bad, good hearer
		None(&bad, Load{Warm: none, Work: func(int) { s.descriptor(t) }, Times: 3, AtOnce: 1})
		None(&good, Load{Warm: none, Work: nothing, Times: 3, AtOnce: 1})
		if want := []string{"after 3 pieces of work: 3 descriptors more than before"}; !slices.Equal(bad.heard, want) {
			t.Errorf("heard %q, want %q", bad.heard, want)
		}
		if len(good.heard) > 0 {
			t.Errorf("heard %q", good.heard)
		}
	})
}
